#!/usr/bin/env bash
# Installs the package on a Debian machine of its own, booted with systemd, and uses it as a person
# would: the steps are in steps/, each in a file. Ends with "N passed, N failed" alone on a line.
# Usage: check-system.sh [STEP]...    STEP is a part of a step's file name; installing is always done
# CHECK_PACKAGE names another package than the one built from this tree.
. "$(dirname "$0")/../../scripts/environment.sh"
[ "$(id -u)" = 0 ] || exec sudo --preserve-env=CHECK_PACKAGE "$PWD/Tests/system/check-system.sh" "$@"
scripts/install-dependencies.sh system
. Tests/system/upstream.sh
. Tests/system/machine.sh
. Tests/system/assertions.sh

package=${CHECK_PACKAGE:-dotproxy.deb}
if [ -z "${CHECK_PACKAGE:-}" ]; then
    scripts/deb.sh # Always: an old package would be checked in the place of this tree.
fi

mkdir -p "$machine_state"
exec 9>"$machine_state/lock"
flock --timeout 1200 9 || fail "another check-system has been running for too long"

# Puts into the machine what the steps need, all of it under /check but the unit of the upstreams.
furnish() {
    local check=$machine_root/check name
    mkdir "$check"
    cp -r Tests/system/{steps,inside.sh,assertions.sh,query-stream.py} "$check/"
    cp "$package" "$check/dotproxy.deb"
    make_authority "$check"
    for name in one two; do
        make_certificate "$check" "$name.dot.test"
    done
    write_upstream "$check" one.dot.test 127.0.0.1 853 /check
    write_upstream "$check" two.dot.test 127.0.0.2 853 /check
    cp Tests/system/upstream@.service "$machine_root/etc/systemd/system/"
}

trap machine_end EXIT
trap 'exit 130' INT TERM

heading "a Debian 12 machine"
machine_make
furnish
machine_boot 9>&- || fail "no machine to check on"

machine_run 600 bash /check/inside.sh "$@" 9>&- || true
results=$machine_state/results
mv "$machine_root/check/results" "$results" || : >"$results"
machine_run 10 journalctl --no-pager -o short-precise >"$machine_state/journal.log" || true
machine_end
echo "its journal is in ${machine_state#"$PWD/"}/journal.log"
summary

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
. Tests/system/furnish.sh

package=${CHECK_PACKAGE:-dotproxy.deb}
if [ -z "${CHECK_PACKAGE:-}" ]; then
    scripts/deb.sh # Always: an old package would be checked in the place of this tree.
fi

mkdir -p "$machine_state"
exec 9>"$machine_state/lock"
flock --timeout 1200 9 || fail "another check-system has been running for too long"

trap machine_end EXIT
trap 'exit 130' INT TERM

heading "a Debian 12 machine"
machine_make
furnish "$package" Tests/system/steps/*.sh
cp /usr/bin/promtool "$machine_root/check/"
machine_boot 9>&- || fail "no machine to check on"

results=$machine_state/results
: >"$results"
run_steps 600 "$@"
machine_end
echo "its journal is in ${machine_state#"$PWD/"}/journal.log"
summary 1

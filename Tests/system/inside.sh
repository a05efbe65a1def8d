#!/usr/bin/env bash
# Runs inside the machine: all steps in order, or "install" and those whose name has one of the arguments in it.
# A step is a file of "check" lines; each check passes or fails on its own.
set -uo pipefail

results=/check/results
: >$results

# shellcheck source-path=SCRIPTDIR source=assertions.sh
. /check/assertions.sh

# Asks for the TXT record that tells the upstream, under a name that nobody has asked for before.
which_upstream() {
    ask +short TXT "n$RANDOM$RANDOM.which.dot.example" | tr -d '"'
}

# Passes if a name known to the upstreams is answered.
answers() {
    equal "$(ask +short www.dot.example)" 192.0.2.1
}

# Passes if that upstream answers.
answered_by() {
    equal "$(which_upstream)" "$1"
}

property() {
    systemctl show --value --property "$1" "${2:-dotproxy.service}"
}

# Passes if the journal of the unit, since the cursor set by mark_journal, has the pattern.
mark_journal() {
    journalctl --sync
    cursor=$(journalctl -n 0 --show-cursor | sed -n 's/^-- cursor: //p')
}
journal_has() {
    journalctl --sync
    journalctl --no-pager -o cat --after-cursor "$cursor" -u dotproxy.service | grep -E -- "$1" ||
        { echo "not in the journal: $1" && journalctl --no-pager --after-cursor "$cursor" && return 1; }
}

# Writes the drop-in of the configuration: the upstream, "one" or "two", that is used.
use_upstream() {
    local address
    case $1 in
    one) address=127.0.0.1:853 ;;
    two) address=127.0.0.2:853 ;;
    far) address=198.51.100.2:853 ;;
    esac
    printf '%s\n' '[Upstream]' 'Server=' "Server=$address#$1.dot.example" '[TLS]' \
        'CAFile=/check/ca.pem' >/etc/dotproxy.conf.d/check.conf
}

wanted() {
    local part
    [ $# -gt 1 ] || return 0
    for part in install "${@:2}"; do
        [[ $1 != *"$part"* ]] || return 0
    done
    return 1
}

for file in /check/steps/*.sh; do
    wanted "${file##*/}" "$@" || continue
    # shellcheck source=/dev/null
    . "$file"
done
echo "done" >>$results

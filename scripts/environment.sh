# Sourced by the other scripts: a known place to start from, and a Swift toolchain on PATH.
# shellcheck shell=bash

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v swift >/dev/null && [ -x /opt/swift/usr/bin/swift ]; then
    PATH=/opt/swift/usr/bin:$PATH
fi
case ":$PATH:" in
*:/usr/sbin:*) ;;
*) PATH=$PATH:/usr/sbin:/sbin ;; # Debian's daemons are there, but not on a user's PATH.
esac
export PATH

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Prints its arguments as a heading.
heading() {
    printf '\n== %s\n' "$*"
}

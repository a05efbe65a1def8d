#!/usr/bin/env bash
# Prints the table of faults in docs/upstreams.md: what clients get while upstreams fail in every
# way that issue reports complain about. SUBJECT="dotproxy unbound stubby dnsdist" names whom to look at
# (Debian's packages of the others must be installed), ROWS which faults, DOTPROXY_BINARY a daemon
# to measure instead of building one. As root also with a link that goes down.
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh build

scripts/build.sh release Faults
if [ -z "${DOTPROXY_BINARY:-}" ]; then
    scripts/build.sh release
    export DOTPROXY_BINARY=$PWD/.build-release/release/dotproxy
fi
# shellcheck disable=SC2086 # Several names.
.build-release/release/Faults ${ROWS:-}

#!/usr/bin/env bash
# Runs every check in turn, stops at the first that fails, and ends with what the tests said.
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh

logs=.build-check
mkdir -p $logs

# Runs a stage with its output shown and kept.
stage() {
    local name=$1 start=$SECONDS
    shift
    heading "$name"
    if ! "$@" 2>&1 | tee "$logs/$name.log"; then
        fail "$name failed (its output is above and in $logs/$name.log)"
    fi
    echo "$name: $((SECONDS - start)) s"
}

stage lint scripts/lint.sh
stage test scripts/test.sh
stage deb scripts/deb.sh
stage alloc scripts/alloc-check.sh
stage audit env DOTPROXY_BINARY=.build-release/release/dotproxy scripts/hotpath-audit.sh
stage check-oci env DOTPROXY_BINARIES=.build-release/release Tests/system/check-oci.sh
stage check-system env CHECK_PACKAGE=dotproxy.deb Tests/system/check-system.sh
stage check-recipes env CHECK_PACKAGE=dotproxy.deb Tests/system/check-recipes.sh

heading "all checks passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
grep -h 'Test run with' $logs/test.log
tail -q -n 1 $logs/check-oci.log $logs/check-system.log $logs/check-recipes.log

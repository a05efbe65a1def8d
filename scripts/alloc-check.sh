#!/usr/bin/env bash
# Holds what can be counted, and so is the same on a busy machine, to Benchmarks/thresholds.json:
# allocations of each step of a query's way and of the whole daemon for each query it forwards,
# instructions of a query in the core, and of one answered from memory in the whole daemon.
# DOTPROXY_BINARY names a daemon to check instead of building one.
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh build bench

scripts/build.sh release Bench
if [ -z "${DOTPROXY_BINARY:-}" ]; then
    scripts/build.sh release
    DOTPROXY_BINARY=$PWD/.build-release/release/dotproxy
fi

failed=0
heading "each step alone"
Benchmarks/micro.py .build-release/release/Bench Benchmarks/thresholds.json || failed=1
heading "the daemon, forwarding"
Benchmarks/load/allocations.py "$DOTPROXY_BINARY" Benchmarks/thresholds.json || failed=1
heading "the daemon, answering from memory"
Benchmarks/load/hits.py "$DOTPROXY_BINARY" Benchmarks/thresholds.json || failed=1
[ $failed = 0 ] || fail "over budget"

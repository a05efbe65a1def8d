#!/usr/bin/env bash
# Measures each step of a query's way alone, then the daemon between a load generator and a
# DNS-over-TLS server. DOTPROXY_BINARY names a daemon to measure instead of building one.
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh build bench

scripts/build.sh release Bench
if [ -z "${DOTPROXY_BINARY:-}" ]; then
    scripts/build.sh release
    DOTPROXY_BINARY=$PWD/.build-release/release/dotproxy
fi

heading "each step alone, nanoseconds"
.build-release/release/Bench
heading "the daemon"
Benchmarks/load/load.py "$DOTPROXY_BINARY" Benchmarks/thresholds.json
heading "the daemon, with much in memory"
Benchmarks/load/memory.py "$DOTPROXY_BINARY" Benchmarks/thresholds.json

#!/usr/bin/env bash
# Holds the functions on a query's way to what Benchmarks/hotpath.json allows them to ask of the
# Swift runtime: no checks for exclusive access, no allocation, few counted references.
# DOTPROXY_BINARY names a daemon to read instead of building one.
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh build bench

if [ -z "${DOTPROXY_BINARY:-}" ]; then
    scripts/build.sh release
    DOTPROXY_BINARY=$PWD/.build-release/release/dotproxy
fi

heading "calls of the runtime on a query's way"
Benchmarks/hotpath.py "$DOTPROXY_BINARY" Benchmarks/hotpath.json || fail "over budget"

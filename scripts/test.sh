#!/usr/bin/env bash
# Builds and runs the tests, all or those whose name matches.
# Usage: test.sh [NAME]
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh build test

swift build --build-tests --explicit-target-dependency-import-check error
swift test --skip-build ${1:+--filter "$1"}

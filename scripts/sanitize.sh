#!/usr/bin/env bash
# Runs the tests under a sanitizer.
# Usage: sanitize.sh address|thread
. "$(dirname "$0")/environment.sh"
[ $# = 1 ] || fail "usage: sanitize.sh address|thread"
scripts/install-dependencies.sh build test

# The backtracer of the Swift runtime may hang on the abort of a sanitizer.
export SWIFT_BACKTRACE=enable=no
# Memory that C libraries keep for the life of the process is not what is looked for here.
export ASAN_OPTIONS=detect_leaks=0
# What the thread sanitizer must be told is told in the code (Collections/Locked.swift).
swift test --scratch-path ".build-$1" --sanitize="$1" -Xswiftc "-D${1^^}_SANITIZER"

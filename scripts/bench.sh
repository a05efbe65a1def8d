#!/usr/bin/env bash
# Runs the micro-benchmarks.
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh build

swift build --configuration release --product Bench
.build/release/Bench

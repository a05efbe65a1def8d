#!/usr/bin/env bash
# Runs one fuzz target, or each of them, from its corpus in Fuzz/Corpus.
# Usage: fuzz.sh [TARGET] [SECONDS]
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh build

seconds=${2:-60}
if [ -n "${1:-}" ]; then
    targets=("$1")
else
    mapfile -t targets < <(find Fuzz -mindepth 1 -maxdepth 1 -type d -name 'Fuzz*' -printf '%f\n' |
        sort)
fi

export DOTPROXY_FUZZ=1
# The backtracer of the Swift runtime may hang on the abort of a sanitizer.
export SWIFT_BACKTRACE=enable=no
for target in "${targets[@]}"; do
    heading "$target, $seconds s"
    swift build --scratch-path .build-fuzz --product "$target"
    # New inputs and crashes stay in the build folder; what is worth keeping is copied by hand.
    found=.build-fuzz/found/$target
    mkdir -p "$found"
    .build-fuzz/debug/"$target" -max_total_time="$seconds" -artifact_prefix="$found/" \
        -timeout=10 -rss_limit_mb=2048 "$found" "Fuzz/Corpus/$target"
done

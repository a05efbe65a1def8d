#!/usr/bin/env bash
# Builds everything for debugging, or the daemon, or PRODUCT, as it is packaged.
# Usage: build.sh debug|release [PRODUCT]
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh build

case ${1:-debug} in
debug)
    swift build --explicit-target-dependency-import-check error
    ;;
release)
    # A build folder of its own: other flags than a plain release build, and neither undoes the other.
    product=${2:-dotproxy}
    swift build --configuration release --scratch-path .build-release --product "$product" \
        --static-swift-stdlib -Xswiftc -g \
        -Xcc -fstack-protector-strong -Xcc -D_FORTIFY_SOURCE=2 \
        -Xlinker -z -Xlinker relro -Xlinker -z -Xlinker now -Xlinker --build-id=sha1
    ls -l ".build-release/release/$product"
    ;;
*) fail "usage: build.sh debug|release [PRODUCT]" ;;
esac

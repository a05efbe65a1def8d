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
    # The C++ library goes in with the Swift runtime that needs it: where there is only the archive,
    # the linker takes that.
    archives=$PWD/.build-release/archives
    mkdir -p "$archives"
    ln -sf "$(gcc -print-file-name=libstdc++.a)" "$archives/"
    # The package manager does not know that the linker reads this.
    [ packaging/hot-functions.txt -ot ".build-release/release/$product" ] ||
        rm -f ".build-release/release/$product"
    # Relocations packed and no symbols exported: 660 KB less to read at every start. What is used
    # lies side by side, what queries use first: few pages of the program are ever needed. No path
    # to libraries beside the program, where the loader would look for each of them in ten places.
    swift build --configuration release --scratch-path .build-release --product "$product" \
        --disable-local-rpath --static-swift-stdlib -Xswiftc -g \
        -Xcc -fstack-protector-strong -Xcc -D_FORTIFY_SOURCE=2 \
        -Xswiftc -use-ld=lld -Xswiftc -Xclang-linker -Xswiftc -static-libgcc \
        -Xswiftc -Xfrontend -Xswiftc -function-sections \
        -Xlinker "--symbol-ordering-file=$PWD/packaging/hot-functions.txt" \
        -Xlinker --no-warn-symbol-ordering \
        -Xlinker "-L$archives" -Xlinker --no-export-dynamic \
        -Xlinker -z -Xlinker pack-relative-relocs \
        -Xlinker -z -Xlinker relro -Xlinker -z -Xlinker now -Xlinker --build-id=sha1
    ls -l ".build-release/release/$product"
    ;;
*) fail "usage: build.sh debug|release [PRODUCT]" ;;
esac

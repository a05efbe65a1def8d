#!/usr/bin/env bash
# Builds the package, leaves it at the top of the tree as dotproxy.deb and under its full name, and
# lets lintian judge it. DOTPROXY_BINARIES names a folder of programs to package instead of building
# them.
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh build package

if [ -z "${DOTPROXY_BINARIES:-}" ]; then
    scripts/build.sh release
    scripts/build.sh release dotproxyctl
    DOTPROXY_BINARIES=$PWD/.build-release/release
fi
export DOTPROXY_BINARIES

version=$(dpkg-parsechangelog --file packaging/debian/changelog --show-field Version)
architecture=$(dpkg --print-architecture)
package=dotproxy_${version}_$architecture

# The build wants "debian" at the top of the tree and litters around it: it gets a copy.
tree=dist/dotproxy-$version
rm -rf dist
mkdir -p "$tree"
tar --create --exclude=./.git --exclude='./.build*' --exclude=./dist --exclude='./*.deb' . |
    tar --extract --directory "$tree"
mv "$tree/packaging/debian" "$tree/debian"

(cd "$tree" && dpkg-buildpackage --build=binary --no-sign)

rm -f dotproxy.deb dotproxy_*.deb
cp "dist/$package.deb" .
ln "$package.deb" dotproxy.deb

heading "lintian"
# Of root, lintian only says that it need not be.
lintian --allow-root --display-info --fail-on error,warning,info "dist/$package.changes"
ls -l dotproxy.deb

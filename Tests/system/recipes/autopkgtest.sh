# Packages: autopkgtest dpkg-dev gnutls-bin
# The tests of the package itself, as Debian runs them.
# shellcheck shell=bash

# The machine is the testbed, and nothing else runs in it.
package_tests() {
    timeout 200 autopkgtest --output-dir=/check/autopkgtest --ignore-restrictions=isolation-container \
        --no-built-binaries /check/dotproxy.deb /check/source -- null
}

# Passes if a test has passed.
has_passed() {
    grep -E "^$1 +PASS" /check/autopkgtest/summary
}

step "autopkgtest"
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* # Nothing can be fetched from here.
timeout 30 apt-get purge -qq -y dotproxy >/dev/null
check "autopkgtest dotproxy.deb" package_tests
for name in forward shipped-configuration; do
    check "$name" has_passed "$name"
done
check "the socket starts, as after any recipe" start_socket
use_upstream one
echo nameserver 127.0.0.53 >/etc/resolv.conf

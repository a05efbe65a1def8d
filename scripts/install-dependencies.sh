#!/usr/bin/env bash
# Installs from Debian what is missing for the given sets and nothing else; all sets without argument.
# Usage: install-dependencies.sh [build|test|lint|package|system|oci|demo|bench]...
. "$(dirname "$0")/environment.sh"

# What a Swift toolchain itself needs to compile and link, and the libraries of the daemon.
declare -A sets=(
    [build]="make gcc libc6-dev libstdc++-12-dev zlib1g-dev libxml2 libncurses6 libcurl4 libedit2
        libsqlite3-0 libpython3.11 tzdata git ca-certificates pkg-config libsystemd-dev
        libgnutls28-dev libfstrm-dev libprotobuf-c-dev"
    [test]="bind9-dnsutils fstrm-bin knot-dnsutils gnutls-bin unbound"
    [lint]="shellcheck man-db groff systemd dpkg-dev"
    [package]="build-essential debhelper dpkg-dev fakeroot lintian"
    [system]="mmdebstrap systemd-container util-linux bsdutils procps gnutls-bin zstd
        prometheus"
    [oci]="binutils buildah busybox dpkg-dev iproute2 libcap2-bin podman python3-venv python3-yaml runc
        uidmap"
    [demo]="bind9-dnsutils gnutls-bin unbound python3-minimal"
    [bench]="binutils dnsdist dnsperf gnutls-bin python3 valgrind"
)

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Prints the packages of the sets that are not installed.
missing() {
    local set package
    for set in "$@"; do
        for package in ${sets[$set]}; do
            case $(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null) in
            ii* | hi*) ;;
            *) echo "$package" ;;
            esac
        done
    done | sort -u
}

# Debian starts the daemons that it installs; while this file says no, it does not.
guard=/usr/sbin/policy-rc.d
install_guarded() {
    if [ ! -e $guard ]; then
        trap 'as_root rm -f $guard' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee $guard >/dev/null
        as_root chmod 755 $guard
    fi
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" </dev/null
}

if [ $# = 0 ]; then
    set -- "${!sets[@]}"
fi
for name in "$@"; do
    [ -n "${sets[$name]:-}" ] || fail "no such set: $name (known: ${!sets[*]})"
done
mapfile -t packages < <(missing "$@")
if [ ${#packages[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || fail "needs these Debian packages: ${packages[*]}"
    echo "installing: ${packages[*]}"
    install_guarded "${packages[@]}"
fi

#!/usr/bin/env bash
# Makes the root folder of the image: the daemon and its control tool, the libraries that these load,
# and what they read.
# The files are those of the Debian 12 that this runs on, and the packages they come from are
# recorded as scanners look for them. Needs no privileges.
# Usage: root.sh FOLDER    DOTPROXY_BINARIES names a folder of programs to take instead of building.
. "$(dirname "$0")/../../scripts/environment.sh"
[ $# = 1 ] || fail "usage: root.sh FOLDER"
root=$1

if [ -z "${DOTPROXY_BINARIES:-}" ]; then
    scripts/build.sh release
    scripts/build.sh release dotproxyctl
    DOTPROXY_BINARIES=.build-release/release
fi

# Prints the files that the loader loads for programs, itself among them.
libraries() {
    ldd "$@" | awk '$2 == "=>" { print $3; next } $1 ~ /^\// && NF == 2 { print $1 }' | sort -u
}

# Prints the package that a file belongs to. Debian 12 knows some by their old path, some by /usr.
package_of() {
    local file
    for file in "$1" "/usr$1" "${1#/usr}"; do
        dpkg-query --search "$file" 2>/dev/null && return
    done | head -n 1 | cut -d : -f 1
}

# Records a package as distroless images do: its entry of dpkg, and its copyright.
record() {
    local package=$1
    dpkg-query --status "$package" >"$root/var/lib/dpkg/status.d/$package"
    install -D -m 644 "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright"
}

mkdir -p "$root"/{etc/dotproxy.conf.d,etc/ssl/certs,run,usr/lib,usr/lib64,var/lib/dpkg/status.d}
ln -s usr/lib usr/lib64 "$root/"
ln -s /dev/shm "$root/run/dotproxy"

# Symbols are for those who have the build.
programs=("$DOTPROXY_BINARIES"/{dotproxy,dotproxyctl})
install -D -m 755 "${programs[0]}" "$root/usr/sbin/dotproxy"
install -D -m 755 "${programs[1]}" "$root/usr/bin/dotproxyctl"
! command -v strip >/dev/null || strip "$root"/usr/*bin/*
cat packaging/dotproxy.conf packaging/oci/image.conf >"$root/etc/dotproxy.conf"
install -D -m 644 packaging/debian/copyright "$root/usr/share/doc/dotproxy/copyright"

mapfile -t loaded < <(libraries "${programs[@]}")
[ ${#loaded[@]} -gt 3 ] || fail "${programs[*]} load next to nothing: ${loaded[*]}"
packages=(ca-certificates)
for library in "${loaded[@]}"; do
    mode=644
    [[ $library != */ld-linux* ]] || mode=755 # the loader, which is itself a program
    install -D -m $mode "$library" "$root$library"
    packages+=("$(package_of "$library")")
done

# Real files, not the links that /etc/ssl is full of.
install -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
install -m 644 /usr/lib/os-release "$root/usr/lib/"
ln -s ../usr/lib/os-release "$root/etc/os-release"
echo 'dotproxy:x:65532:65532::/:/nonexistent' >"$root/etc/passwd"
echo 'dotproxy:x:65532:' >"$root/etc/group"

for package in $(printf '%s\n' "${packages[@]}" | sort -u); do
    record "$package"
done
du -sh "$root"

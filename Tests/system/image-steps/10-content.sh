# What is in the image: two programs, their libraries, and nothing to break out with.
# shellcheck shell=bash disable=SC2154 # the variables of image-inside.sh

# Prints what can be run, in the image at $content.
programs() {
    find "$content" -type f -perm /111 ! -name 'ld-linux-*' -printf '%P\n'
}

# Prints the libraries that no recorded package has.
unrecorded() {
    local library
    for library in "$content"/usr/lib/*-linux-gnu/*.so*; do
        library=${library##*/}
        dpkg-query --search "*/$library" 2>/dev/null | cut -d : -f 1 | sort -u |
            grep -qxF -f <(ls "$content/var/lib/dpkg/status.d") || echo "$library"
    done
}

# Prints the digests of its layers.
layers() {
    image_podman image inspect --format '{{.RootFS.Layers}}' "$image_name"
}

# Passes if the same programs make the same layers.
same_again() {
    local before
    before=$(layers)
    image_build "$image_state/built" && equal "$(layers)" "$before"
}

configured() {
    image_podman image inspect --format "{{.Config.$1}}" "$image_name"
}

step "what is in the image"
content=$(image_mount)
check "nothing can be run but the two programs and the loader" equal \
    "$(programs | sort | xargs)" "usr/bin/dotproxyctl usr/sbin/dotproxy"
check "nothing is set-user-ID or has capabilities" equal \
    "$(find "$content" -perm /6000; getcap -r "$content")" ""
check "everything is root's, and nobody else can write" equal \
    "$(find "$content" ! -user root -o ! -group root -o ! -type l -perm /022)" ""
check "each library's package is recorded for scanners" equal "$(unrecorded)" ""
check "less than 40 MB" test "$(du -sm "$content" | cut -f 1)" -lt 40
check "built again, it has the same in it" same_again
check "its programs need no /proc to be told something" output_has "dotproxy 0." \
    chroot "$content" /usr/sbin/dotproxy --version
check "it runs as nobody in particular" equal "$(configured User)" 65532:65532
check "the configuration in it is good" image_podman run --rm \
    "${container_options[@]}" "$image_name" --check-config
check "ports of its own" equal "$(configured ExposedPorts)" "map[5300/tcp:{} 5300/udp:{}]"

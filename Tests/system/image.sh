# Sourced: builds the container image and runs it, from files of this machine alone, with an image
# store of its own. Needs root, machine.sh and the "oci" set of packages.
# shellcheck shell=bash disable=SC2154 # the variables of machine.sh

image_state=$PWD/.build-oci
image_name=localhost/dotproxy

# buildah and podman on the store of this tree. runc, for crun refuses machines with both versions of cgroups.
image_store=(--root "$image_state/store" --runroot "$image_state/run")
podman_options=("${image_store[@]}" --tmpdir "$image_state/tmp" --runtime runc
    --cgroup-manager cgroupfs --events-backend none)
# What a container gets: nothing that it does not need, and the network of the caller. Limits are
# named, for podman would raise what this machine may not let it raise.
container_options=(--network host --read-only --read-only-tmpfs=false --cap-drop all
    --security-opt no-new-privileges --ulimit "nofile=1024:1024" --ulimit "nproc=256:256")

image_buildah() {
    buildah "${image_store[@]}" "$@"
}
image_podman() {
    timeout --kill-after=5 60 podman "${podman_options[@]}" "$@"
}

# Prints the name of an image of Debian 12, made from the archive of the machine if there is none yet.
image_base() {
    local name container
    name=localhost/debian:$(stat -c %Y-%s "$machine_state/root.tar")
    if ! image_buildah inspect --type image "$name" >/dev/null 2>&1; then
        container=$(image_buildah from scratch)
        image_buildah add --quiet "$container" "$machine_state/root.tar" / >/dev/null
        image_buildah commit --quiet --rm "$container" "$name" >/dev/null
    fi
    echo "$name"
}

# Builds the image around the programs of a folder.
image_build() {
    local built=$image_state/built program base
    mkdir -p "$built"
    for program in dotproxy dotproxyctl; do
        strip -o "$built/$program" "$1/$program"
    done
    base=$(image_base)
    image_buildah build --isolation chroot --pull-never --timestamp 0 --format docker \
        --build-arg BASE="$base" --build-arg DOTPROXY_BINARIES=/built \
        --volume "$built:/built:ro" --tag $image_name --file packaging/oci/Containerfile .
}

# Mounts the image and prints where.
image_mount() {
    image_podman image mount $image_name
}

# Starts a container.
# Usage: image_start NAME [OPTION]... [-- ARGUMENT...]
image_start() {
    local name=$1 options=()
    shift
    while [ $# != 0 ] && [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    image_podman run --detach --name "$name" "${container_options[@]}" --log-driver k8s-file \
        --log-opt "path=$image_state/$name.log" \
        "${options[@]}" $image_name "${@:2}"
}

# Ends whatever runs of it, and forgets the images that a later one has taken the name of.
image_end() {
    image_podman rm --all --force --time 5 >/dev/null 2>&1 || true
    image_podman image unmount --all >/dev/null 2>&1 || true
    image_podman image prune --force >/dev/null 2>&1 || true
}

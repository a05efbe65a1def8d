#!/usr/bin/env bash
# Builds the container image and uses it: what is in it, how it runs under podman without a single
# privilege, and what it answers. All of it in a network of its own. Ends with "N passed, N failed".
# DOTPROXY_BINARIES names a folder of programs instead of building them.
. "$(dirname "$0")/../../scripts/environment.sh"
[ "$(id -u)" = 0 ] || exec sudo --preserve-env=DOTPROXY_BINARIES "$PWD/Tests/system/check-oci.sh" "$@"
. Tests/system/machine.sh
. Tests/system/image.sh
. Tests/system/assertions.sh

scripts/install-dependencies.sh build test system oci
if [ -z "${DOTPROXY_BINARIES:-}" ]; then
    scripts/build.sh release
    scripts/build.sh release dotproxyctl
    DOTPROXY_BINARIES=.build-release/release
fi

mkdir -p "$machine_state" "$image_state"
exec 9>"$machine_state/lock"
flock --timeout 1200 9 || fail "another check has been running for too long"
machine_bootstrap
exec 9>&-

trap image_end EXIT
trap 'exit 130' INT TERM
image_end

# The schemas of Kubernetes, as PyPI has them and Debian has not.
schemas=$image_state/schemas
if [ ! -x "$schemas/bin/kubernetes-validate" ]; then
    /usr/bin/python3 -m venv "$schemas"
    "$schemas/bin/pip" install --quiet kubernetes-validate==1.37.0 ||
        echo "NOT CHECKED against the schemas of Kubernetes: kubernetes-validate cannot be had"
fi

heading "the image"
image_build "$DOTPROXY_BINARIES"
timeout --kill-after=10 300 unshare --net --mount --pid --fork \
    --kill-child --mount-proc Tests/system/image-inside.sh || true
results=$image_state/results
summary 1

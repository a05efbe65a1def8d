# The same under an engine that is itself without privileges: podman of a user who is nobody.
# shellcheck shell=bash disable=SC2154 # the variables of image-inside.sh

user=$image_state/user
id=4000 # nobody's on Debian, where people begin with 1000 and end with 59999

# Makes a user that exists in this mount namespace only, with a share of the user ids.
make_user() {
    local file
    rm -rf "$user" && mkdir -p "$user"/{home,run,etc} && chown $id:$id "$user"/{home,run} &&
        chmod 700 "$user/run" || return
    for file in passwd group subuid subgid; do
        cp "/etc/$file" "$user/etc/" && mount --bind "$user/etc/$file" "/etc/$file" || return
    done
    echo "somebody:x:$id:$id::$user/home:/bin/sh" >>/etc/passwd
    echo "somebody:x:$id:" >>/etc/group
    echo "somebody:400000:65536" | tee -a /etc/subuid >>/etc/subgid
}

user_podman() {
    (cd / && timeout 60 runuser --user somebody -- env HOME="$user/home" XDG_RUNTIME_DIR="$user/run" \
        podman --storage-driver vfs --runtime runc --cgroup-manager cgroupfs --events-backend none "$@")
}

hand_over() {
    image_podman save --output "$user/image.tar" "$image_name" && chmod 644 "$user/image.tar" &&
        user_podman load --input "$user/image.tar"
}

start_rootless() {
    user_podman run --detach --name dotproxy "${container_options[@]}" \
        --volume "$folder/ca.pem:/etc/test-ca.pem:ro" --env DOTPROXY_CA_FILE=/etc/test-ca.pem \
        --env DOTPROXY_UPSTREAMS=127.0.0.1#one.dot.example "$image_name"
}

step "podman without root"
image_podman rm --all --force --time 5 >/dev/null 2>&1
check "a user" make_user
check "gets the image" hand_over
check "starts it" start_rootless
check "it answers" wait_for 10 image_answers
check "it is ready" user_podman exec dotproxy /usr/bin/dotproxyctl ready
check "it stops" user_podman stop --time 8 dotproxy
check "and all was well" equal "$(user_podman wait dotproxy)" 0

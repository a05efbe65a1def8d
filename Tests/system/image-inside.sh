#!/usr/bin/env bash
# Runs in a network of its own: two upstreams, and all steps of image-steps/ in order.
. "$(dirname "$0")/../../scripts/environment.sh"
. Tests/system/machine.sh
. Tests/system/image.sh
. Tests/system/upstream.sh
. Tests/system/assertions.sh

results=$image_state/results
: >"$results"
folder=$image_state/upstream
rm -rf "$folder"
mkdir -p "$folder"

ip link set lo up
make_authority "$folder"
upstreams=()
for name in one two; do
    make_certificate "$folder" "$name.dot.example"
    write_upstream "$folder" "$name.dot.example" "127.0.0.$((${#upstreams[@]} + 1))" 853
    unbound -d -c "$folder/$name.dot.example.conf" 2>"$folder/$name.log" &
    upstreams+=($!)
done
trap 'kill "${upstreams[@]}"' EXIT

# Asks the image, at the port that it has by itself.
ask_image() {
    ask @127.0.0.1 -p 5300 "$@"
}

image_answers() {
    equal "$(ask_image +short "$@" www.dot.example)" 192.0.2.1
}

# Passes if that upstream answers a name that nobody has asked for before.
answered_by() {
    equal "$(ask_image +short TXT "n$RANDOM$RANDOM.which.dot.example")" "\"$1\""
}

# Starts a container, "dotproxy" or NAME, that trusts the authority of the upstreams.
# Usage: start [OPTION]... [-- ARGUMENT...]; start_as NAME [OPTION]... [-- ARGUMENT...]
start() {
    start_as dotproxy "$@"
}
start_as() {
    local name=$1
    shift
    image_podman rm --force "$name" >/dev/null 2>&1 # what an earlier step has left
    image_start "$name" --volume "$folder/ca.pem:/etc/test-ca.pem:ro" \
        --env DOTPROXY_CA_FILE=/etc/test-ca.pem "$@"
}

# Stops it, and passes if that takes less than eight seconds and it says that all is well.
stops() {
    image_podman stop --time 8 dotproxy && ended 0
}

# Passes if it ends by itself with that status.
ended() {
    equal "$(image_podman wait dotproxy)" "$1"
}

# Runs the control tool in the container.
control() {
    image_podman exec dotproxy /usr/bin/dotproxyctl "$@"
}

logged() {
    grep -E -- "$1" "$image_state/dotproxy.log" || { cat "$image_state/dotproxy.log" && return 1; }
}

# Prints a line of the status of its first process.
process_status() {
    sed -n "s/^$1:[[:space:]]*//p" \
        "/proc/$(image_podman inspect --format '{{.State.Pid}}' dotproxy)/status"
}

set +e
for file in Tests/system/image-steps/*.sh; do
    # shellcheck source=/dev/null
    . "$file"
done
echo "done" >>"$results"

# A node of Kubernetes as packaging/kubernetes makes it, and a pod on it that asks.
# shellcheck shell=bash disable=SC2154 # the variables of image-inside.sh

manifest() {
    /usr/bin/python3 Tests/system/kubernetes.py "$@" # the one that Debian gives modules to
}

# Runs a command in the network of the pod.
in_pod() {
    nsenter --net="/proc/$pod/ns/net" -- "$@"
}

# The pod: a network of its own, whose way out is the node.
join_pod() {
    unshare --net sleep 300 &
    pod=$!
    wait_for 5 own_network
    ip link add node0 type veth peer name eth0 netns "$pod"
    ip address add 10.244.0.1/24 dev node0
    ip link set node0 up
    in_pod ip address add 10.244.0.2/24 dev eth0
    in_pod ip link set eth0 up
    in_pod ip route add default via 10.244.0.1
}
own_network() {
    [ "$(readlink "/proc/$pod/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

# Usage: pod_answers ADDRESS [OPTION]...
pod_answers() {
    equal "$(in_pod timeout 10 dig +tries=1 +time=6 -p 5300 +short "@$1" "${@:2}" www.dot.example)" 192.0.2.1
}

# Runs what the init container runs.
give_address() {
    local words
    mapfile -t words < <(manifest command address)
    busybox "${words[@]}"
}

# Starts the container of the manifest with its configuration, but for the servers.
start_node() {
    local words
    mkdir -p "$folder/node/dotproxy.conf.d"
    manifest file dotproxy.conf >"$folder/node/dotproxy.conf"
    printf '%s\n' '[Upstream]' 'Server=' 'Server=127.0.0.1#one.dot.example' \
        >"$folder/node/dotproxy.conf.d/check.conf"
    mapfile -t words < <(manifest command dotproxy)
    start_as "$1" --volume "$folder/node:/etc/dotproxy:ro" -- "${words[@]}"
}

# Runs a probe of the manifest.
probe() {
    local words
    read -ra words < <(manifest probe "$1")
    image_podman exec dotproxy "${words[@]}"
}

# Puts another in the place of the first, as the update of a DaemonSet with maxSurge does.
roll() {
    start_node next && wait_for 10 grep -q Serving "$image_state/next.log" &&
        image_podman stop --time 8 dotproxy
}

roll_under_queries() {
    in_pod timeout 30 python3 Tests/system/query-stream.py udp 100 6 169.254.20.53 5300 &
    sleep 1 # queries on either side of the change
    roll && wait $!
}

step "the manifest for Kubernetes"
schemas=$image_state/schemas/bin
if [ -x "$schemas/kubernetes-validate" ]; then
    check "fits the schemas" "$schemas/python" Tests/system/kubernetes.py check
fi
check "names the image of this version" equal "$(manifest image)" \
    "$(dpkg-parsechangelog --file packaging/debian/changelog --show-field Version)"

step "clients on a private network"
join_pod
check "starts" start --env DOTPROXY_UPSTREAMS=127.0.0.1#one.dot.example
check "they are answered" wait_for 10 pod_answers 10.244.0.1
check "stops" stops

step "a node of Kubernetes"
check "the init container gives it the address" give_address
check "and again, when the pod comes again" give_address
check "starts" start_node dotproxy
check "a pod is answered over UDP" wait_for 10 pod_answers 169.254.20.53
check "a pod is answered over TCP" pod_answers 169.254.20.53 +tcp
for probe in startupProbe readinessProbe livenessProbe; do
    check "its $probe passes" probe "$probe"
done
check "nobody else can ask" fails image_answers
check "an update under 100 queries a second loses none" roll_under_queries
check "the first has ended well" ended 0
check "the second answers" pod_answers 169.254.20.53
kill "$pod"

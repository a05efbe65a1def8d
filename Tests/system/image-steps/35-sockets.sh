# The sockets come from outside, as from systemd, and podman hands them on.
# shellcheck shell=bash disable=SC2154 # the variables of image-inside.sh

answers_at_53() {
    equal "$(ask @127.0.0.1 +short "$@" www.dot.example)" 192.0.2.1
}

step "a container with sockets passed to it"
image_podman rm --force dotproxy >/dev/null 2>&1
Tests/system/pass-sockets.py 127.0.0.1 53 podman "${podman_options[@]}" run --rm --name dotproxy \
    "${container_options[@]}" --volume "$folder/ca.pem:/etc/test-ca.pem:ro" \
    --env DOTPROXY_CA_FILE=/etc/test-ca.pem --env DOTPROXY_UPSTREAMS=127.0.0.1#one.dot.example \
    "$image_name" 2>"$image_state/dotproxy.log" &
check "answers at the port that was passed" wait_for 10 answers_at_53
check "over TCP too" answers_at_53 +tcp
check "and at no other" fails image_answers
check "says so" logged 'Serving on 127.0.0.1:53'
check "stops" image_podman stop --time 8 dotproxy

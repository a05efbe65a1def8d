# The link to the upstream goes down and comes back: what fails fails at once, and what can be
# answered is.
# shellcheck shell=bash

# A network behind a link, and the upstream "far" in it.
make_far_network() {
    ip netns add far &&
        ip link add near type veth peer name far netns far &&
        ip address add 198.51.100.1/30 dev near && ip link set near up &&
        ip -n far address add 198.51.100.2/30 dev far && ip -n far link set far up &&
        systemd-run --quiet --unit=far --property=Restart=on-failure \
            ip netns exec far /usr/sbin/unbound -d -c /check/far.dot.example.conf
}

# Prints how many milliseconds a query took that cannot be answered.
failure_time() {
    ask "n$RANDOM$RANDOM.which.dot.example" TXT | awk '
        /status: SERVFAIL/ { failed = 1 }
        /^;; Query time:/ { if (failed) print $4; exit }'
}

# Prints how many milliseconds after the link came up the first answer was there.
return_time() {
    local start now
    ip link set near up
    start=$(date +%s%3N)
    while :; do
        now=$(date +%s%3N)
        [ $((now - start)) -lt 10000 ] || break
        if [ -n "$(dig +tries=1 +time=1 +short TXT "n$RANDOM$RANDOM.which.dot.example")" ]; then
            now=$(date +%s%3N)
            break
        fi
    done
    echo $((now - start))
}

at_most() {
    { [ -n "$1" ] && [ "$1" -le "$2" ]; } || { echo "$1 is more than $2" && return 1; }
}

step "link"
check "a network behind a link" make_far_network
use_upstream far
check "reload with the upstream there" reload
check "the upstream there answers" wait_for 10 answered_by far.dot.example
ip link set near down
# The first query may still be sent over the connection that was.
failure_time >/dev/null
sleep 5
check "without a route a query fails at once" at_most "$(failure_time)" 10
check "the first answer comes within 0.5 s of the route" at_most "$(return_time)" 500
use_upstream one
check "reload with the upstream here" reload
check "it answers again" wait_for 5 answered_by one.dot.example
systemctl stop far.service
ip netns delete far

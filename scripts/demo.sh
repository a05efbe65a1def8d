#!/usr/bin/env bash
# Shows the daemon at work on this machine alone: a certificate authority and unbound as a
# DNS-over-TLS server are made for the occasion, dotproxy is started with its sockets passed as systemd does,
# dig asks, and everything is ended. DEMO_BINARY names another daemon than the one built here.
. "$(dirname "$0")/environment.sh"
scripts/install-dependencies.sh build demo
. Tests/system/upstream.sh

folder=$(mktemp -d)
started=()
finish() {
    [ ${#started[@]} = 0 ] || kill "${started[@]}" 2>/dev/null || true
    wait
    rm -rf "$folder"
}
trap finish EXIT

# Prints a port that is free on 127.0.0.1 for UDP and TCP.
free_port() {
    python3 -c '
import socket
while True:
    stream, datagrams = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
    stream.bind(("127.0.0.1", 0))
    try:
        datagrams.bind(stream.getsockname())
        print(stream.getsockname()[1])
        break
    except OSError:
        pass
'
}

# Waits up to ten seconds for a TCP server.
wait_for_port() {
    local i
    for ((i = 0; i < 100; i++)); do
        (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
        sleep 0.1
    done
    cat "$folder"/*.log
    fail "nothing came to listen on port $1"
}

ask() {
    heading "dig $*"
    timeout 10 dig @127.0.0.1 -p "$port" +tries=1 +time=5 +noall +comments +answer "$@" |
        cut -c 1-100
}

if [ -z "${DEMO_BINARY:-}" ]; then
    heading "build"
    swift build --product dotproxy
    DEMO_BINARY=.build/debug/dotproxy
fi

heading "a certificate authority, and unbound as the DNS-over-TLS server dot.example"
make_authority "$folder"
make_certificate "$folder" dot.example
upstream_port=$(free_port)
write_upstream "$folder" dot.example 127.0.0.1 "$upstream_port"
unbound -d -c "$folder/dot.example.conf" >"$folder/unbound.log" 2>&1 &
started+=($!)
wait_for_port "$upstream_port"
echo "127.0.0.1:$upstream_port"

heading "dotproxy, with a UDP and a TCP socket passed to it"
cat >"$folder/dotproxy.conf" <<END
[Upstream]
Server=127.0.0.1:$upstream_port#dot.example
[TLS]
CAFile=$folder/ca.pem
END
cat "$folder/dotproxy.conf"
port=$(free_port)
Tests/system/pass-sockets.py 127.0.0.1 "$port" \
    "$DEMO_BINARY" --config "$folder/dotproxy.conf" 2>"$folder/dotproxy.log" &
started+=($!)
wait_for_port "$port"

ask www.dot.example A
ask www.dot.example AAAA +tcp
ask long.dot.example TXT
ask nowhere.dot.example A

heading "what dotproxy logged"
kill "${started[1]}"
wait "${started[1]}" && status=0 || status=$?
unset 'started[1]'
cat "$folder/dotproxy.log"
[ "$status" = 0 ] || fail "dotproxy ended with status $status"
grep -q 'TLS 1\.[23]\|TLSv\?1\.[23]' "$folder/dotproxy.log" || fail "no TLS session was logged"

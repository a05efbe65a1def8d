# A restart, an upgrade and a kill under a stream of queries.
# shellcheck shell=bash

# Runs a command some times while queries arrive, and passes if all of them are answered.
under_queries() {
    local transport=$1 rate=$2 i status=0
    shift 2
    timeout 60 python3 /check/query-stream.py "$transport" "$rate" 6 &
    sleep 1
    for ((i = 0; i < 3; i++)); do
        "$@" || status=1
        sleep 1
    done
    wait $! && return $status
}

step "restart"
pid=$(property MainPID)
check "three restarts, 200 queries a second over UDP" \
    under_queries udp 200 timeout 30 systemctl restart dotproxy.service
check "it is another process" fails equal "$(property MainPID)" "$pid"
check "three restarts, 50 clients a second over TCP" \
    under_queries tcp 50 timeout 30 systemctl restart dotproxy.service
check "it ended well each time" equal "$(property Result) $(property NRestarts)" "success 0"

pid=$(property MainPID)
socket_since=$(property ActiveEnterTimestampMonotonic dotproxy.socket)
check "installing it again, 200 queries a second" under_queries udp 200 install_package --reinstall
check "restarts the service" fails equal "$(property MainPID)" "$pid"
check "but not the socket" equal \
    "$(property ActiveEnterTimestampMonotonic dotproxy.socket)" "$socket_since"

kill -KILL "$(property MainPID)"
check "the next query after SIGKILL is answered" answers

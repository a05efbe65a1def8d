# The first query starts the service and is answered.
# shellcheck shell=bash

# Every process that holds a socket on port 53, and pid 1 among them.
port_holders() {
    ss -Hltunp 'sport = :53' | grep -o '"[^"]*",pid=[0-9]*' | sort -u
}

only_ours_on_port_53() {
    local holders
    holders=$(port_holders)
    equal "$(cut -d, -f1 <<<"$holders" | sort -u | xargs)" "${1:-dotproxy systemd}"
}

# Prints what systemd itself has to complain of in our units.
complaints() {
    journalctl --no-pager -o cat -p warning _PID=1 | grep dotproxy
}

step "first query"
check "systemctl enable --now dotproxy.socket" timeout 60 systemctl enable --now dotproxy.socket
check "the service is not running yet" equal "$(property ActiveState)" inactive
check "port 53 is held by systemd alone" only_ours_on_port_53 systemd
check "sockets on UDP and TCP of 127.0.0.53" equal \
    "$(ss -Hltun 'sport = :53' | awk '{ print $1, $5 }' | sort | xargs)" \
    "tcp 127.0.0.53:53 udp 127.0.0.53:53"
check "the first query is answered" output_has 192.0.2.4 timeout 10 getent hosts old.dot.example
check "and has started the service" equal "$(property ActiveState)" active
check "port 53 is held by systemd and dotproxy" only_ours_on_port_53
check "systemd has no complaint about the units" equal "$(complaints)" ""

# Packages: resolvconf
# shellcheck shell=bash

add_server() {
    echo "nameserver $2" | resolvconf -a "$1"
}

step "resolvconf"
rm -f /etc/resolvconf/update.d/unbound # It speaks to a server that is not the one of the checks.
check "takes the server of a network" add_server eth0.dhcp 192.0.2.53
check "which programs would ask" equal "$(name_servers)" 192.0.2.53

mkdir -p /etc/systemd/system/dotproxy.socket.d
cat >/etc/systemd/system/dotproxy.socket.d/override.conf <<'END'
[Unit]
After=resolvconf.service

[Socket]
ExecStartPost=-/bin/sh -c 'echo nameserver 127.0.0.53 | resolvconf -a lo.dotproxy'
ExecStopPost=-resolvconf -d lo.dotproxy
END
systemctl daemon-reload
check "the socket starts" start_socket
check "programs ask dotproxy alone" equal "$(name_servers)" 127.0.0.53
check "another network comes" add_server wlan0.dhcp 192.0.2.54
check "programs still ask dotproxy alone" equal "$(name_servers)" 127.0.0.53
check "and are answered" programs_are_answered
check "the socket stops" timeout 30 systemctl stop dotproxy.socket dotproxy.service
check "and the networks' servers are back" equal "$(name_servers)" "192.0.2.53 192.0.2.54"

# Packages: openresolv
# shellcheck shell=bash

add_server() {
    echo "nameserver $2" | resolvconf -a "$1"
}

step "openresolv"
check "takes the server of a network" add_server eth0.dhcp 192.0.2.53
check "which programs would ask" equal "$(name_servers)" 192.0.2.53

check "the socket starts" start_socket
echo 'name_servers=127.0.0.53' >>/etc/resolvconf.conf
check "resolvconf -u" resolvconf -u
check "programs ask dotproxy alone" equal "$(name_servers)" 127.0.0.53
check "another network comes" add_server wlan0.dhcp 192.0.2.54
check "programs still ask dotproxy alone" equal "$(name_servers)" 127.0.0.53
check "and are answered" programs_are_answered

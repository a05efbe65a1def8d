# Packages: isc-dhcp-client dnsmasq-base
# shellcheck shell=bash

lease() {
    timeout 60 dhclient -1 wire0
}

step "dhclient"
check "a network with a DHCP server" make_network
check "gives a lease" lease
check "and the server that programs ask" equal "$(name_servers)" 192.0.2.53

check "the socket starts" start_socket
echo 'supersede domain-name-servers 127.0.0.53;' >>/etc/dhcp/dhclient.conf
timeout 30 dhclient -r wire0
check "gives another lease" lease
check "programs ask dotproxy alone" equal "$(name_servers)" 127.0.0.53
check "and are answered" programs_are_answered

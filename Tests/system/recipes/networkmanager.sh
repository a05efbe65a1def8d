# Packages: network-manager dnsmasq-base
# shellcheck shell=bash

connect() {
    timeout 60 nmcli --wait 30 connection up office
}

step "NetworkManager"
check "a network with a DHCP server" make_network
check "NetworkManager runs" wait_for 20 nmcli --terse general status
nmcli connection add type ethernet con-name office ifname wire0 ipv6.method disabled
check "connects" connect
check "and says which server programs ask" wait_for 5 output_has 192.0.2.53 name_servers

check "the socket starts" start_socket
printf '[main]\ndns=none\n' >/etc/NetworkManager/conf.d/dns.conf
check "systemctl reload NetworkManager" systemctl reload NetworkManager
rm /etc/resolv.conf
echo nameserver 127.0.0.53 >/etc/resolv.conf
check "connects again" connect
check "programs ask dotproxy alone" equal "$(name_servers)" 127.0.0.53
check "and are answered" programs_are_answered

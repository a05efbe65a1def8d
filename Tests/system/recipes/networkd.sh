# Packages: dnsmasq-base
# shellcheck shell=bash

step "systemd-networkd, without systemd-resolved"
check "a network with a DHCP server" make_network
check "the socket starts" start_socket
rm -f /etc/resolv.conf
echo nameserver 127.0.0.53 >/etc/resolv.conf
printf '%s\n' '[Match]' 'Name=wire0' '[Network]' 'DHCP=ipv4' >/etc/systemd/network/wire0.network
check "systemd-networkd starts" timeout 30 systemctl restart systemd-networkd
check "gets a lease" wait_for 30 has_lease
check "leaves the file alone" equal "$(name_servers)" 127.0.0.53
check "programs are answered" programs_are_answered

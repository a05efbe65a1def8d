# Packages: systemd-resolved dnsmasq-base libnss-resolve
# shellcheck shell=bash


step "systemd-resolved asks dotproxy"
check "systemd-resolved has 127.0.0.53" output_has systemd-resolve ss -Hlunp 'src 127.0.0.53 and sport = :53'
check "so that the socket does not start" fails start_socket
check "and says why" output_has 'Address already in use' systemctl status dotproxy.socket

mkdir -p /etc/systemd/system/dotproxy.socket.d
printf '%s\n' '[Socket]' 'ListenDatagram=' 'ListenStream=' 'ListenDatagram=127.0.0.2:53' \
    'ListenStream=127.0.0.2:53' >/etc/systemd/system/dotproxy.socket.d/override.conf
systemctl daemon-reload
check "at another address it does" timeout 30 systemctl restart dotproxy.socket

check "a network with a DHCP server" make_network
printf '%s\n' '[Match]' 'Name=wire0' '[Network]' 'DHCP=ipv4' >/etc/systemd/network/wire0.network
check "systemd-networkd starts" timeout 30 systemctl restart systemd-networkd
check "systemd-resolved learns of the network's server" wait_for 30 output_has 192.0.2.53 resolvectl dns wire0

mkdir -p /etc/systemd/resolved.conf.d
printf '%s\n' '[Resolve]' 'DNS=127.0.0.2' 'Domains=~.' >/etc/systemd/resolved.conf.d/dotproxy.conf
check "systemd-resolved is told" timeout 30 systemctl restart systemd-resolved
check "and asks dotproxy" output_has 192.0.2.1 timeout 20 resolvectl query www.dot.example
check "for programs too" programs_are_answered

step "dotproxy in the place of systemd-resolved"
rm -r /etc/systemd/system/dotproxy.socket.d
systemctl daemon-reload
systemctl stop dotproxy.service
check "systemctl disable --now systemd-resolved" timeout 30 systemctl disable --now systemd-resolved
check "systemctl restart dotproxy.socket" timeout 30 systemctl restart dotproxy.socket
rm /etc/resolv.conf
echo nameserver 127.0.0.53 >/etc/resolv.conf
check "programs are answered" programs_are_answered
check "and dig" answers

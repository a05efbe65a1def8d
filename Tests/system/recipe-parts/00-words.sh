# What the recipes speak of.
# shellcheck shell=bash

upstream_listens() {
    [ -n "$(ss -Hltn 'sport = :853')" ]
}

# Prints the servers that programs ask.
name_servers() {
    sed -n 's/^nameserver //p' /etc/resolv.conf | xargs
}

# Passes if a program gets its answer, and dotproxy was asked for it.
programs_are_answered() {
    output_has 192.0.2.4 timeout 20 getent hosts old.dot.example &&
        equal "$(property ActiveState)" active
}

start_socket() {
    timeout 60 systemctl enable --now dotproxy.socket
}

# A network with a DHCP server, 192.0.2.254, that names 192.0.2.53 as the server to ask. It is
# behind the interface wire0.
make_network() {
    ip netns add office
    ip link add wire0 type veth peer name wire1 netns office
    ip -n office address add 192.0.2.254/24 dev wire1
    ip -n office link set wire1 up
    systemd-run --quiet --unit office ip netns exec office dnsmasq --keep-in-foreground --port=0 \
        --interface=wire1 --dhcp-range=192.0.2.100,192.0.2.150 --dhcp-option=option:dns-server,192.0.2.53 \
        --dhcp-leasefile=/run/office.leases --user=root
    wait_for 10 office_listens
}
office_listens() {
    [ -n "$(ip netns exec office ss -Hlun 'sport = :67')" ]
}
has_lease() {
    [ -n "$(ip -4 -o address show dev wire0 scope global)" ]
}

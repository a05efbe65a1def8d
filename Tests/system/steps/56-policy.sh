# Names of this host, names on a list, and clients that may not ask.
# shellcheck shell=bash

# Passes if the address of that name is as wanted: nothing, or one address.
address_is() {
    equal "$(ask +short "$1")" "$2"
}

# Runs a command where the guest is: a machine on another network, 198.51.100.2.
as_guest() {
    timeout 10 ip netns exec guest "$@"
}
guest_answer() {
    as_guest dig @198.51.100.1 +tries=1 +time=5 www.dot.example "$@"
}
make_guest() {
    ip netns add guest && ip link add guest0 type veth peer name guest1 netns guest &&
        ip address add 198.51.100.1/24 dev guest0 && ip link set guest0 up &&
        ip -n guest address add 198.51.100.2/24 dev guest1 && ip -n guest link set guest1 up
}

# Has the socket listen where the guest can reach it as well, or no longer.
serve_guest() {
    mkdir -p /run/systemd/system/dotproxy.socket.d
    printf '%s\n' '[Socket]' ListenDatagram=198.51.100.1:53 ListenStream=198.51.100.1:53 \
        FreeBind=yes >/run/systemd/system/dotproxy.socket.d/guest.conf
    restart_all
}
leave_guest() {
    rm -r /run/systemd/system/dotproxy.socket.d
    restart_all
}
restart_all() {
    systemctl daemon-reload && timeout 60 systemctl stop dotproxy.service &&
        timeout 60 systemctl restart dotproxy.socket
}

step "names of this host"
check "localhost" address_is localhost 127.0.0.1
check "nothing under test" output_has NXDOMAIN ask www.nowhere.test
check "a new line in /etc/hosts" eval 'echo "192.0.2.77 box.lan box" >>/etc/hosts'
check "counts at once" wait_for 5 address_is box.lan 192.0.2.77
check "backward as well" equal "$(ask +short -x 192.0.2.77)" box.lan.
cp /etc/hosts /etc/hosts.new
sed -i 's/^192\.0\.2\.77/192.0.2.78/' /etc/hosts.new
check "another file in its place" mv /etc/hosts.new /etc/hosts
check "counts at once, too" wait_for 5 address_is box.lan 192.0.2.78
sed -i '/box\.lan/d' /etc/hosts
check "and so does what is gone" wait_for 5 address_is box.lan ""
# A machine that is made by hand has none.
[ -s /etc/hosts ] || rm /etc/hosts

step "names on a list"
mkdir -p /var/lib/lists
echo "0.0.0.0 www.dot.example" >/var/lib/lists/ads
printf '%s\n' '[Filter]' 'List=/var/lib/lists/ads' >/etc/dotproxy.conf.d/policy.conf
mark_journal
check "reload" timeout 60 systemctl reload dotproxy.service
check "is not resolved, and why" output_has "EDE: 15" ask www.dot.example
check "the journal has the number of names" journal_has '/var/lib/lists/ads: 1 names'
echo "nothing.example/" >/var/lib/lists/ads
check "a list that changes is followed" wait_for 5 answers
check "a bad line is told" journal_has '/var/lib/lists/ads:1: .nothing.example/. is no name'
rm -r /etc/dotproxy.conf.d/policy.conf /var/lib/lists
check "reload without" timeout 60 systemctl reload dotproxy.service

step "clients that may not ask"
check "a guest" make_guest
check "can reach the service" serve_guest
check "this host is answered" wait_for 10 answers
check "the guest is refused" output_has "status: REFUSED" guest_answer
check "and told why" output_has "EDE: 18" guest_answer
check "over TCP as well" output_has "status: REFUSED" guest_answer +tcp
check "this host may ask at that address" equal \
    "$(timeout 10 dig @198.51.100.1 +tries=1 +time=5 +short www.dot.example)" 192.0.2.1
printf '%s\n' '[Access]' 'Allow=198.51.100.0/24' >/etc/dotproxy.conf.d/policy.conf
check "reload with Allow=" timeout 60 systemctl reload dotproxy.service
check "the guest is answered" output_has 192.0.2.1 guest_answer
printf '%s\n' RateLimit=1 RateBurst=2 >>/etc/dotproxy.conf.d/policy.conf
check "reload with a limit" timeout 60 systemctl reload dotproxy.service
for _ in 1 2 3; do guest_answer +ignore +short >/dev/null; done
check "whoever asks too often is sent to TCP" output_has "flags: qr tc" guest_answer +ignore
check "and answered there" output_has 192.0.2.1 guest_answer
rm /etc/dotproxy.conf.d/policy.conf
ip link delete guest0
ip netns delete guest
check "the socket is as it was" leave_guest
check "answers" wait_for 10 answers

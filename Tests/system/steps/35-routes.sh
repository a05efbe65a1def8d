# Names with a route are asked of a server in the clear, and of nobody else.
# shellcheck shell=bash

# Writes the configuration of unbound as such a server. Every other name does not exist.
write_plain_server() {
    cat >/check/plain.conf <<END
server:
    directory: "/check"
    chroot: ""
    username: ""
    pidfile: ""
    use-syslog: no
    interface: 127.0.0.3@5300
    access-control: 127.0.0.0/8 allow
    module-config: "iterator"
    local-zone: "." static
    local-data: "www.corp.test. 300 IN A 10.0.0.1"
    local-data: "1.0.0.10.in-addr.arpa. 300 IN PTR www.corp.test."
    local-data: 'long.corp.test. 300 IN TXT $(long_text)'
END
}

step "routes"
# shellcheck source=Tests/system/upstream.sh
. /check/upstream.sh
write_plain_server
systemd-run --quiet --unit=plain-server unbound -d -c /check/plain.conf
plain_answers() {
    equal "$(ask +short @127.0.0.3 -p 5300 www.corp.test)" 10.0.0.1
}
check "a server in the clear" wait_for 10 plain_answers
check "without a route its names do not exist" output_has "status: NXDOMAIN" ask www.corp.test
printf '%s\n' '[Route corp.test 10.0.0.0/8]' 'Server=127.0.0.3:5300' 'Transport=plain' \
    >/etc/dotproxy.conf.d/route.conf
check "a reload" timeout 60 systemctl reload dotproxy.service
check "a name of the route" equal "$(ask +short www.corp.test)" 10.0.0.1
check "an address of the route" equal "$(ask +short -x 10.0.0.1)" www.corp.test.
check "a 4 kB TXT record, over TCP" equal "$(ask +short TXT long.corp.test | grep -o '"[0-9]*"' | wc -l)" 16
check "a name without a route" answers
systemctl stop plain-server.service
# The other servers would say that it does not exist.
check "the others are not asked when it has gone" output_has "status: SERVFAIL" ask other.corp.test
check "an answer in memory is still given" equal "$(ask +short www.corp.test)" 10.0.0.1
rm /etc/dotproxy.conf.d/route.conf
check "a reload without the route" timeout 60 systemctl reload dotproxy.service
check "its names do not exist again" output_has "status: NXDOMAIN" ask www.corp.test

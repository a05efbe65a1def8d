# Zones of a route are transferred over TLS (RFC 9103) from BIND, which gives them in no other way.
# shellcheck shell=bash

# Writes a zone of that serial number and so many addresses.
write_zone() {
    local serial=$1 count=$2 i
    printf '%s\n' "\$TTL 300"
    echo "@ SOA ns.zone.example. hostmaster.zone.example. $serial 3600 600 86400 300"
    echo '@ NS ns.zone.example.'
    echo 'ns A 10.0.0.53'
    for ((i = 0; i < count; i++)); do echo "host$i A 10.1.$((i / 250)).$((i % 250))"; done
}

# Writes the configuration of BIND as the primary server of two zones, of which one takes a key.
write_primary() {
    cat >/check/primary.conf <<END
tls transfers { cert-file "/check/ns.zone.example.pem"; key-file "/check/ns.zone.example.key"; };
key "wanted" { algorithm hmac-sha256; secret "$transfer_secret"; };
options {
    directory "/check/primary"; pid-file none; session-keyfile none;
    listen-on port 8853 tls transfers { 127.0.0.1; };
    listen-on port 5300 { 127.0.0.1; };
    listen-on-v6 { none; };
    recursion no; dnssec-validation no; notify no; ixfr-from-differences yes;
};
controls { };
zone "zone.example" {
    type primary; file "zone";
    allow-transfer port 8853 transport tls { any; };
};
zone "keyed.example" {
    type primary; file "keyed";
    allow-transfer port 8853 transport tls { key "wanted"; };
};
END
}

transfer() {
    timeout 20 dig @127.0.0.53 +tries=1 +time=10 +noall +answer "$@"
}
# Passes if a whole zone comes of so many records, first and last the same.
whole_zone() {
    local count=$1
    shift
    transfer AXFR "$@" >/run/zone && equal "$(wc -l </run/zone)" "$count" &&
        equal "$(head -n 1 /run/zone)" "$(tail -n 1 /run/zone)"
}
no_zone() {
    timeout 20 dig "$@" +tries=1 +time=10 | grep -q "Transfer failed"
}

step "zone transfers over TLS"
transfer_secret=$(head -c 32 /dev/urandom | base64)
mkdir -p /check/primary
write_zone 1 5000 >/check/primary/zone
write_zone 1 10 | sed 's/zone\.example/keyed.example/g' >/check/primary/keyed
write_primary
check "the configuration of BIND" named-checkconf -z /check/primary.conf
systemd-run --quiet --unit=primary named -g -c /check/primary.conf
printf '%s\n' '[Route zone.example keyed.example]' 'Server=127.0.0.1:8853#ns.zone.example' \
    >/etc/dotproxy.conf.d/zone.conf
check "a reload" timeout 60 systemctl reload dotproxy.service
bind_answers() {
    equal "$(ask +short @127.0.0.1 -p 5300 ns.zone.example)" 10.0.0.53
}
check "BIND answers" wait_for 10 bind_answers
check "and gives no zone in the clear" no_zone @127.0.0.1 -p 5300 AXFR zone.example
check "a zone of 5004 records" whole_zone 5004 zone.example
check "again, as nothing is kept of it" whole_zone 5004 zone.example
check "an unchanged zone is one record" equal "$(transfer IXFR=1 zone.example | wc -l)" 1
write_zone 2 5001 >/check/primary/zone
check "BIND reads the zone again" systemctl kill --kill-whom=main --signal=HUP primary.service
changes_come() {
    equal "$(transfer IXFR=1 zone.example | grep -c SOA) $(transfer IXFR=1 zone.example | wc -l)" "4 5"
}
check "what has changed is four SOA records and a new one" wait_for 10 changes_come
check "a zone that takes a key is refused without" no_zone @127.0.0.53 AXFR keyed.example
check "and given with, for signatures are passed on as they are" \
    whole_zone 14 -y "hmac-sha256:wanted:$transfer_secret" keyed.example
check "other names of the zone" equal "$(ask +short ns.zone.example)" 10.0.0.53
systemctl stop primary.service
check "none when BIND has gone" no_zone @127.0.0.53 AXFR zone.example
rm /etc/dotproxy.conf.d/zone.conf
check "a reload without the route" timeout 60 systemctl reload dotproxy.service

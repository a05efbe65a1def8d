# Sourced: makes a certificate authority, certificates, and configurations of unbound as a
# DNS-over-TLS server with data of its own. Needs certtool (gnutls-bin).
# shellcheck shell=bash

# Makes ca.pem and its key in a folder.
make_authority() {
    local folder=$1
    printf '%s\n' 'cn = "dotproxy test authority"' ca cert_signing_key 'expiration_days = 30' \
        >"$folder/ca.template"
    certtool --generate-privkey --key-type ecdsa --outfile "$folder/ca.key" 2>/dev/null
    certtool --generate-self-signed --template "$folder/ca.template" \
        --load-privkey "$folder/ca.key" --outfile "$folder/ca.pem" 2>/dev/null
    chmod 644 "$folder/ca.pem" # A service without privileges reads it.
}

# Makes NAME.pem and NAME.key for a host name, signed by the authority of the folder.
make_certificate() {
    local folder=$1 name=$2
    printf '%s\n' "cn = \"$name\"" "dns_name = \"$name\"" tls_www_server signing_key \
        'expiration_days = 30' >"$folder/$name.template"
    certtool --generate-privkey --key-type ecdsa --outfile "$folder/$name.key" 2>/dev/null
    certtool --generate-certificate --template "$folder/$name.template" \
        --load-privkey "$folder/$name.key" --load-ca-certificate "$folder/ca.pem" \
        --load-ca-privkey "$folder/ca.key" --outfile "$folder/$name.pem" 2>/dev/null
}

# Prints 16 strings of 250 octets: a TXT record of 4 kB.
long_text() {
    local i
    for i in {00..15}; do
        printf '"%s%0248d" ' "$i" 0
    done
}

# Writes NAME.conf: unbound on ADDRESS and PORT under the certificate of NAME. Which server
# answered shows in the TXT records under which.dot.example; every other name does not exist.
write_upstream() {
    local folder=$1 name=$2 address=$3 port=$4
    local serves=${5:-$folder} # where the server will see the folder
    cat >"$folder/$name.conf" <<END
server:
    directory: "$serves"
    chroot: ""
    username: ""
    pidfile: ""
    logfile: ""
    use-syslog: no
    interface: $address@$port
    tls-port: $port
    tls-service-key: "$serves/$name.key"
    tls-service-pem: "$serves/$name.pem"
    incoming-num-tcp: 500
    access-control: 127.0.0.0/8 allow
    access-control: 198.51.100.0/24 allow
    module-config: "iterator"
    local-zone: "." static
    local-data: ". 300 IN NS ns.dot.example."
    local-zone: "dot.example." static
    local-data: "www.dot.example. 300 IN A 192.0.2.1"
    local-data: "www.dot.example. 300 IN AAAA 2001:db8::1"
    local-data: "old.dot.example. 300 IN A 192.0.2.4"
    local-data: "brief.dot.example. 2 IN A 192.0.2.5"
    local-data: "two.dot.example. 300 IN A 127.0.0.2"
    local-data: 'long.dot.example. 300 IN TXT $(long_text)'
    local-zone: "which.dot.example." redirect
    local-data: 'which.dot.example. 5 IN TXT "$name"'
    local-zone: "stream.dot.example." redirect
    local-data: "stream.dot.example. 300 IN A 192.0.2.2"
remote-control:
    control-enable: no
END
}

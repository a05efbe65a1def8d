# Packages: openssl
# What an operator changes of the units and the configuration.
# shellcheck shell=bash

# Writes a drop-in of a unit as "systemctl edit" does, from its standard input.
edit() {
    mkdir -p "/etc/systemd/system/$1.d"
    cat >"/etc/systemd/system/$1.d/override.conf"
    systemctl daemon-reload
}

restart_socket() {
    systemctl stop dotproxy.service
    timeout 30 systemctl restart dotproxy.socket
}

# Passes if that address answers.
answers_at() {
    equal "$(ask "@$1" +short www.dot.example)" 192.0.2.1
}

# Prints the digest of the key of the upstream, as the guide says.
pin() {
    timeout 10 openssl s_client -connect 127.0.0.1:853 </dev/null 2>/dev/null |
        openssl x509 -pubkey -noout | openssl pkey -pubin -outform DER |
        openssl dgst -sha256 -binary | base64
}

# Writes the drop-in of the configuration with a server, and lines for [TLS].
use() {
    printf '%s\n' '[Upstream]' 'Server=' "Server=$1" '[TLS]' "${@:2}" >/etc/dotproxy.conf.d/check.conf
}

reload() {
    timeout 30 systemctl reload dotproxy.service
}

step "other machines"
echo "nameserver 127.0.0.53" >/etc/resolv.conf
check "the socket starts" start_socket
check "programs are answered" programs_are_answered
ip address add 198.51.100.1/32 dev lo
edit dotproxy.socket <<'END'
[Socket]
ListenDatagram=198.51.100.1:53
ListenStream=198.51.100.1:53
END
check "the socket starts with another address" restart_socket
check "which answers" answers_at 198.51.100.1
check "as does the first" answers_at 127.0.0.53

step "a large machine"
edit dotproxy.socket <<'END'
[Socket]
ListenDatagram=127.0.0.53:53
ListenDatagram=127.0.0.53:53
ListenDatagram=127.0.0.53:53
END
check "the socket starts with the address four times" restart_socket
mark_journal
check "it answers" answers_at 127.0.0.53
workers=$(nproc)
[ "$workers" -lt 4 ] || workers=4
check "there is a worker for each, or for each processor" \
    journal_has "Serving on 127.0.0.53:53 with $workers worker"

step "a pinned key"
use "127.0.0.1:853 pin-sha256=$(pin)"
check "reload" reload
check "the server is known by its key alone" wait_for 5 answered_by one.dot.example
use "127.0.0.1:853 pin-sha256=$(printf 'another' | openssl dgst -sha256 -binary | base64)"
check "reload with another pin" reload
mark_journal
check "it is not believed" fails answered_by one.dot.example
check "and the journal has the key that it showed" \
    wait_for 5 journal_has "pin-sha256=$(pin | sed 's/+/[+]/g')"

step "a CA file that only root may read"
mkdir -p /root/ca
cp /check/ca.pem /root/ca/ca.pem
chmod 600 /root/ca/ca.pem
edit dotproxy.service <<'END'
[Service]
LoadCredential=ca.pem:/root/ca/ca.pem
END
use 127.0.0.1:853#one.dot.example CAFile=/run/credentials/dotproxy.service/ca.pem
check "restart" timeout 30 systemctl restart dotproxy.service
check "the server is verified" wait_for 10 answered_by one.dot.example

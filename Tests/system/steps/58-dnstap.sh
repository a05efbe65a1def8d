# The query log as dnstap, for a reader that is set up as docs/operations.md says.
# shellcheck shell=bash

install_reader() {
    local command="/usr/bin/fstrm_capture -t protobuf:dnstap.Dnstap -u /run/dnstap.sock"
    groupadd --system dnstap
    printf '%s\n' '[Service]' "ExecStart=$command -w /check/dnstap.fstrm" Group=dnstap \
        UMask=0007 >/run/systemd/system/dnstap.service
    mkdir -p /run/systemd/system/dotproxy.service.d
    printf '%s\n' '[Service]' SupplementaryGroups=dnstap \
        >/run/systemd/system/dotproxy.service.d/dnstap.conf
    systemctl daemon-reload
}

# Passes if so many messages have gone to the reader.
dnstap_sent() {
    local count
    count=$(timeout 10 dotproxyctl metrics | sed -n 's/^dotproxy_dnstap_frames_total{outcome="sent"} //p')
    [ "${count:-0}" -ge "$1" ]
}

# Passes if what was recorded, a line for each message, has a line of the pattern.
recorded() {
    dnstap-read "${@:2}" /check/dnstap.fstrm | grep -E -- "$1"
}

step "dnstap"
install_reader
check "the reader starts" timeout 60 systemctl start dnstap.service
printf '[Log]\nQueryLog=dnstap\n' >>/etc/dotproxy.conf.d/check.conf
mark_journal
check "restart with QueryLog=dnstap" timeout 60 systemctl restart dotproxy.service
check "the reader is found" wait_for 10 journal_has '^Queries are logged to the reader at /run/dnstap.sock'
# So that both queries are forwarded, whatever the process before it has handed on.
check "memory is emptied" timeout 10 dotproxyctl flush
check "a query over UDP" answers
check "a query over TCP" output_has NXDOMAIN ask +tcp nowhere.dot.example AAAA
check "both go to the reader, and what the server was asked and said" wait_for 10 dnstap_sent 8
mark_journal
systemctl stop dnstap.service
check "names and types were recorded" recorded ' CQ 127.0.0.1:[0-9]+ -> 127.0.0.53:53 UDP [0-9]+b www.dot.example/IN/A$'
check "of the answers as well" recorded ' CR 127.0.0.1:[0-9]+ <- 127.0.0.53:53 TCP [0-9]+b nowhere.dot.example/IN/AAAA$'
check "and what the server was asked, padded" recorded ' FQ .*-> .* 128b www.dot.example/IN/A$'
check "and what it said" recorded ' FR .*<- .* [0-9]+b www.dot.example/IN/A$'
check "and their codes" recorded 'status: NXDOMAIN' -p
check "and who recorded them" recorded "version: dotproxy $(dpkg-query -W -f '${Version}' dotproxy)" -y
check "queries are answered without the reader" answers
check "the journal says that it has gone" wait_for 10 journal_has '^Queries are not logged, there is no reader'
use_upstream one
check "reload without" timeout 10 dotproxyctl reload
check "others cannot read the record" equal "$(stat -c %a /check/dnstap.fstrm)" 660
rm -r /run/systemd/system/dotproxy.service.d /run/systemd/system/dnstap.service
systemctl daemon-reload
check "restart as before" timeout 60 systemctl restart dotproxy.service

# The control tool and the metrics, as they are installed.
# shellcheck shell=bash

scrape() {
    timeout 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/9153; printf 'GET $1 HTTP/1.1\r\n\r\n' >&3; cat <&3"
}

scraped_metrics_are_good() {
    scrape /metrics | sed '1,/^\r$/d' >/check/metrics
    grep -q '^dotproxy_queries_total{transport="udp"} [1-9]' /check/metrics
}

# Runs the tool as a user of its own, in this group.
ctl_as() {
    local group=$1
    shift
    setpriv --reuid 65534 --regid 65534 --groups "$group" timeout 10 dotproxyctl "$@"
}

step "control"
check "status is healthy" equal "$(timeout 10 dotproxyctl status >/check/status; echo $?)" 0
check "and names the server and its encryption" grep -q 'verified by name one.dot.example' /check/status
check "status --json" output_has '"condition":"healthy"' timeout 10 dotproxyctl status --json
check "reload says how many servers there are" equal "$(timeout 10 dotproxyctl reload)" "1 upstream(s)"
printf '[Upstream]\nSever=192.0.2.9#wrong.test\n' >>/etc/dotproxy.conf.d/check.conf
check "a bad reload says file and line" output_has /etc/dotproxy.conf.d/check.conf:7 \
    fails timeout 10 dotproxyctl reload
use_upstream one
check "reload after the repair" timeout 10 dotproxyctl reload
check "the group adm may look" output_has healthy ctl_as "$(getent group adm | cut -d: -f3)" status
check "but not change" output_has "flush is for root" \
    fails ctl_as "$(getent group adm | cut -d: -f3)" flush
check "others may not connect" output_has "Permission denied" fails ctl_as 65534 status

check "www.dot.example is in memory" answers
check "flush forgets it" equal "$(timeout 10 dotproxyctl flush dot.example --subtree | sed 's/[1-9][0-9]*/N/')" \
    "forgot N answers"
check "log-level" output_has "debug, was info" timeout 10 dotproxyctl log-level debug
check "log-level back" timeout 10 dotproxyctl log-level info

step "asking and looking"
check "query says which server gave the answer" output_has ";; from 127.0.0.1:853#one.dot.example" \
    timeout 10 dotproxyctl query "n$RANDOM.which.dot.example" TXT
check "query --short" equal "$(timeout 10 dotproxyctl query www.dot.example --short)" 192.0.2.1
check "and the next one is from memory" output_has ";; from memory, " \
    timeout 10 dotproxyctl query www.dot.example
check "cache-dump has it" output_has "www.dot.example. " timeout 10 dotproxyctl cache-dump
check "test finds the server good" output_has "result        good" timeout 20 dotproxyctl test
check "and says what is wrong with the wrong one" output_has "FAILED: name is two.dot.example" \
    fails timeout 20 dotproxyctl test 127.0.0.2:853#one.dot.example

step "query log"
mark_journal
answers >/dev/null
check "nothing is logged of queries" fails journal_has 'www\.dot\.test'
printf '[Log]\nQueryLog=journal\n' >>/etc/dotproxy.conf.d/check.conf
check "reload with QueryLog=journal" timeout 10 dotproxyctl reload
mark_journal
answers >/dev/null
check "a query is logged" journal_has '^www.dot.example. A NOERROR by '
check "with fields" journal_entry_with MESSAGE_ID QUERY_NAME QUERY_TYPE RCODE CLIENT ANSWERED_BY
use_upstream one
check "reload without" timeout 10 dotproxyctl reload

step "metrics"
check "nothing listens unless asked" equal "$(ss -Hltn 'sport = :9153')" ""
check "systemctl start dotproxy-metrics.socket" timeout 60 systemctl start dotproxy-metrics.socket
check "a scrape brings the counters" scraped_metrics_are_good
check "promtool has nothing to say" equal "$(/check/promtool check metrics </check/metrics 2>&1)" ""
check "/healthz" output_has "200 OK" scrape /healthz
check "/readyz" output_has healthy scrape /readyz
check "anything else is not there" output_has "404 Not Found" scrape /etc/passwd
check "garbage is a bad request" output_has "400 Bad Request" \
    timeout 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/9153; printf 'garbage\r\n\r\n' >&3; cat <&3"
systemctl stop dotproxy-metrics.socket

step "stopping"
check "systemctl stop dotproxy.socket" timeout 60 systemctl stop dotproxy.socket dotproxy.service
check "the control socket is gone with it" test ! -e /run/dotproxy/control
check "dotproxyctl says so" equal "$(timeout 10 dotproxyctl 2>/dev/null; echo $?)" 2
check "and does not start the service" equal "$(property ActiveState)" inactive
check "both are back" timeout 60 systemctl start dotproxy.socket
check "dotproxyctl starts the service" output_has "0 since the start" timeout 10 dotproxyctl

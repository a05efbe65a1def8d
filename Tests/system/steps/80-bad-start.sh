# With a bad configuration the service does not start, says where, and starts once it is repaired.
# shellcheck shell=bash

# Asks, and passes if systemd no longer answers questions with attempts to start the service.
socket_has_given_up() {
    timeout 3 dig +tries=1 +time=1 @127.0.0.53 www.dot.example >/dev/null
    equal "$(property ActiveState dotproxy.socket)" failed
}

step "start with a bad configuration"
systemctl stop dotproxy.socket
mark_journal
echo 'Server' >>/etc/dotproxy.conf.d/check.conf
check "the service does not start" fails timeout 30 systemctl start dotproxy.service
check "exit status 78" equal "$(property ExecMainStatus)" 78
check "the journal has file and line" journal_has '/etc/dotproxy.conf.d/check.conf:6'
check "queries do not start it for ever" wait_for 20 socket_has_given_up

use_upstream one
sleep 5 # the interval of the start limit
check "it starts after the repair" timeout 30 systemctl restart dotproxy.service
check "and answers" answers

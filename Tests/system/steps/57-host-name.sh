# A server that is known by name is found, and found again without asking after a restart.
# shellcheck shell=bash

bootstrap() {
    timeout 30 systemctl "$1" upstream@one.dot.example.service
}

step "host name"
printf '%s\n' '[Upstream]' 'Server=' 'Server=two.dot.example' \
    'Bootstrap=127.0.0.1:853#one.dot.example' '[TLS]' 'CAFile=/check/ca.pem' \
    >/etc/dotproxy.conf.d/check.conf
check "reload with an upstream by name" timeout 60 systemctl reload dotproxy.service
check "it answers" wait_for 10 answered_by two.dot.example
check "STATUS= tells where it is" wait_for 15 \
    output_has "two.dot.example:853 at 127.0.0.2 healthy" property StatusText

pid=$(property MainPID)
check "the server that knows where it is goes" bootstrap stop
check "a restart" timeout 30 systemctl restart dotproxy.service
check "it is another process" fails equal "$(property MainPID)" "$pid"
check "a name that nobody has asked for is answered" answered_by two.dot.example

mark_journal
check "a stop forgets where it is" timeout 30 systemctl stop dotproxy.service
check "so that nothing is answered" fails answered_by two.dot.example
check "which the journal explains" wait_for 10 journal_has 'two\.dot\.example'
check "the server that knows comes back" bootstrap start
check "and with it the answer" wait_for 15 answered_by two.dot.example
use_upstream one
check "reload with an upstream by address" timeout 60 systemctl reload dotproxy.service
check "it answers again" wait_for 5 answered_by one.dot.example

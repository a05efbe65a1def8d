# A good file is taken whole, a bad one not at all.
# shellcheck shell=bash

reload() {
    timeout 60 systemctl reload dotproxy.service
}

step "reload"
pid=$(property MainPID)
systemctl log-level debug
mark_journal
use_upstream two
check "reload with another upstream" reload
check "the new upstream answers" wait_for 5 answered_by two.dot.example
check "systemd was told: RELOADING=1" journal_has 'RELOADING=1'
check "by the process that served before" equal "$(property MainPID)" "$pid"

mark_journal
printf '[Upstream]\nSever=192.0.2.9#wrong.test\n' >>/etc/dotproxy.conf.d/check.conf
check "reload with a misspelt key fails" fails reload
check "the journal has file and line" journal_has '/etc/dotproxy.conf.d/check.conf:7'
check "the service is still running" equal "$(property ActiveState) $(property MainPID)" "active $pid"
check "the old upstream still answers" answered_by two.dot.example
check "STATUS= tells of the bad file" wait_for 5 output_has check.conf property StatusText

use_upstream one
check "reload after the repair" reload
check "the first upstream answers again" wait_for 5 answered_by one.dot.example
check "STATUS= no longer tells of it" wait_for 5 fails output_has check.conf property StatusText

mark_journal
printf '[Cache]\nSize=8M\n[Control]\nSocket=/run/dotproxy/other\n[Listen]\nWorkers=2\n' \
    >>/etc/dotproxy.conf.d/check.conf
check "reload with keys that take a restart" reload
for what in "the cache" "the control socket" "addresses, workers and TCP bounds"; do
    check "the journal says so of $what" journal_has "Changes of $what take a restart"
done
use_upstream one
check "reload without them" reload
systemctl log-level info

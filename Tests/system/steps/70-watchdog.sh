# A process that no longer turns is ended by the watchdog, and its successor answers.
# shellcheck shell=bash

step "watchdog"
mkdir -p /run/systemd/system/dotproxy.service.d
printf '[Service]\nWatchdogSec=1s\n' >/run/systemd/system/dotproxy.service.d/check.conf
systemctl daemon-reload
systemctl restart dotproxy.service
check "with a second to answer, it lives" equal "$(sleep 3; property NRestarts)" 0

pid=$(property MainPID)
mark_journal
kill -STOP "$pid"
check "a stopped process is ended" wait_for 15 fails test -d "/proc/$pid"
check "by the watchdog" journal_has 'Watchdog timeout'
check "and its successor answers" wait_for 15 answers
check "the service is running" equal "$(property ActiveState)" active

rm -r /run/systemd/system/dotproxy.service.d
systemctl daemon-reload
systemctl restart dotproxy.service

# After the next boot the machine still asks dotproxy, and nobody else.
# shellcheck shell=bash

step "after a reboot"
systemctl start upstream@one.dot.example
check "an upstream listens" wait_for 10 upstream_listens
check "programs ask dotproxy alone" equal "$(name_servers)" 127.0.0.53
check "nothing runs before it is asked" equal "$(property ActiveState)" inactive
check "programs are answered" programs_are_answered

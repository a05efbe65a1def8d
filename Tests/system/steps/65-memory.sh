# What was answered once is answered from memory: while the upstream is away, and after a restart.
# shellcheck shell=bash

upstream() {
    timeout 30 systemctl "$1" upstream@one.dot.example.service
}

restart() {
    timeout 30 systemctl restart dotproxy.service
}

# Passes if a record that has expired is given, and said to be (EDE 3, RFC 8914).
answers_stale() {
    local answer
    answer=$(ask brief.dot.example)
    [[ $answer == *192.0.2.5* && $answer == *"EDE: 3"* ]] || { echo "$answer" && return 1; }
}

# Passes if the same record is given as fresh.
answers_fresh() {
    local answer
    answer=$(ask brief.dot.example)
    [[ $answer == *192.0.2.5* && $answer != *EDE* ]] || { echo "$answer" && return 1; }
}

step "memory"
mark_journal
check "a name is answered" answers
check "one that is valid for two seconds" answers_fresh
check "the upstream goes" upstream stop
check "the name is answered from memory" answers
sleep 2.5 # until the other has expired
check "the other is answered although it has expired" answers_stale

pid=$(property MainPID)
check "a restart" restart
check "it is another process" fails equal "$(property MainPID)" "$pid"
check "the name is still answered from memory" answers
check "over TCP as well" equal "$(ask +short +tcp www.dot.example)" 192.0.2.1
check "and what has expired is given as such" answers_stale
check "the journal says what was kept" journal_has 'Kept [1-9][0-9]* answers and [0-9]+ TLS tickets'
check "and what came back" journal_has 'Restored [1-9][0-9]* answers and [0-9]+ TLS tickets'

check "the upstream comes back" upstream start
check "the expired record is fresh again" wait_for 10 answers_fresh
mark_journal
check "a restart" restart
check "a name that nobody has asked for" answered_by one.dot.example
check "is asked in a TLS session that goes on" wait_for 5 journal_has 'resumed handshake'

check "a stop forgets" timeout 30 systemctl stop dotproxy.service
check "the upstream goes" upstream stop
check "so that the name is not answered" fails answers
check "the upstream comes back" upstream start
check "and with it the answer" wait_for 15 answers

step "signals to what is in memory"
tell() {
    timeout 10 systemctl kill --kill-whom=main --signal="$1" dotproxy.service
}
check "the name is answered once more" answers
mark_journal
check "SIGUSR1" tell SIGUSR1
check "tells what is in memory" wait_for 5 journal_has 'Cache: [1-9][0-9]* answers in [0-9]+ KiB, [1-9][0-9]* hits'
check "and what each worker has done" wait_for 5 journal_has 'Worker 0: [1-9][0-9]* queries, [1-9][0-9]* from memory'
check "the upstream goes" upstream stop
check "the name is answered from memory" answers
check "SIGUSR2" tell SIGUSR2
check "forgets it" wait_for 10 fails answers
check "the upstream comes back" upstream start
check "and with it the answer" wait_for 15 answers

# Programs get their answers.
# shellcheck shell=bash

# A 4 kB record does not fit into a datagram: the answer is cut, and asked for again over TCP.
long_answer() {
    local answer
    answer=$(ask TXT long.dot.example)
    [[ $answer == *"Truncated, retrying in TCP mode"* ]] || { echo "not truncated:" && echo "$answer" && return 1; }
    equal "$(grep -o '"[0-9]*"' <<<"$answer" | wc -l)" 16
}

step "answers"
check "getent hosts" output_has 2001:db8::1 timeout 10 getent hosts www.dot.example
check "dig" answers
check "dig +tcp" equal "$(ask +short +tcp www.dot.example)" 192.0.2.1
check "dig AAAA" equal "$(ask +short www.dot.example AAAA)" 2001:db8::1
check "a name that does not exist" output_has "status: NXDOMAIN" ask nowhere.dot.example
check "a 4 kB TXT record, over UDP and then TCP" long_answer
check "200 queries a second" timeout 30 python3 /check/query-stream.py udp 200 2
check "50 TCP clients a second" timeout 30 python3 /check/query-stream.py tcp 50 2

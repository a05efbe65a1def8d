# Running: by the environment alone, without privileges, with nothing to write to.
# shellcheck shell=bash

step "a container told by its environment"
check "starts" start --env DOTPROXY_UPSTREAMS=127.0.0.1#one.dot.example
check "answers over UDP" wait_for 10 image_answers
check "answers over TCP" image_answers +tcp
check "says whom it asks" logged 'verified by name one.dot.example, over TLS 1.3'
check "is user 65532" equal "$(process_status Uid)" $'65532\t65532\t65532\t65532'
check "has no capabilities" equal \
    "$(for set in CapInh CapPrm CapEff CapBnd CapAmb; do process_status $set; done | sort -u)" \
    0000000000000000
check "system calls are filtered" equal "$(process_status Seccomp)" 2
check "is healthy" image_podman healthcheck run dotproxy
check "shows how it stands" output_has one.dot.example control status
check "forgets for whoever is in it" control flush www.dot.example
check "stops" stops

step "a container told by arguments"
check "starts" start -- --upstream 127.0.0.2#two.dot.example
check "asks the server of the arguments" wait_for 10 answered_by two.dot.example
check "stops" stops

step "told nonsense"
check "starts" start --env DOTPROXY_UPSTREAMS=127.0.0.1:99999#one.dot.example
check "ends with status 78" ended 78
check "says what is wrong" logged 'DOTPROXY_UPSTREAMS'

# Sourced: puts into the machine what the checks need, all of it under /check but a unit.
# shellcheck shell=bash disable=SC2154 # the variables of machine.sh

# Usage: furnish PACKAGE STEP...
furnish() {
    local package=$1 check=$machine_root/check name
    shift
    mkdir -p "$check/steps"
    cp Tests/system/{inside.sh,assertions.sh,upstream.sh,query-stream.py} "$check/"
    cp "$@" "$check/steps/"
    cp "$package" "$check/dotproxy.deb"
    make_authority "$check"
    for name in one.dot two.dot far.dot ns.zone; do
        make_certificate "$check" "$name.example"
    done
    write_upstream "$check" one.dot.example 127.0.0.1 853 /check
    write_upstream "$check" two.dot.example 127.0.0.2 853 /check
    write_upstream "$check" far.dot.example 198.51.100.2 853 /check
    cp Tests/system/upstream@.service "$machine_root/etc/systemd/system/"
}

# Copies what the package's own tests take from its source.
copy_source() {
    mkdir -p "$1/Tests"
    cp -r packaging/debian "$1/debian"
    cp -r Tests/system "$1/Tests/"
}

# Runs the steps in the machine, adds what came of them to $results, and keeps its journal.
# Usage: run_steps SECONDS [STEP]...
run_steps() {
    local limit=$1
    shift
    machine_run "$limit" bash /check/inside.sh "$@" 9>&- || true
    machine_run 10 journalctl --no-pager -o short-precise >"$machine_state/journal.log" || true
    cat "$machine_root/check/results" >>"$results" || true
}

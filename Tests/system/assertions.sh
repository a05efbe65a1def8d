# Sourced: says what is checked, checks it, and notes the outcome in the file $results.
# shellcheck shell=bash disable=SC2154 # $results is whose this is

# Says what the following checks are about.
step() {
    printf '\n-- %s\n' "$*"
}

# check WORDS COMMAND...: passes if the command does; its output is shown if it does not.
check() {
    local words=$1 output
    shift
    if output=$("$@" 2>&1 </dev/null); then
        echo "ok      $words"
        echo "passed $words" >>"$results"
    else
        echo "FAILED  $words"
        [ -z "$output" ] || tail -n 30 <<<"$output" | sed 's/^/        | /'
        echo "failed $words" >>"$results"
    fi
}

# wait_for SECONDS COMMAND...: tries until the command passes.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || { echo "waited in vain for: $*" && return 1; }
        sleep 0.1
    done
}

# Passes if the two are equal.
equal() {
    [ "$1" = "$2" ] || { echo "expected: $2" && echo "got:      $1" && return 1; }
}

# Passes if the output of a command has the text in it.
output_has() {
    local text=$1 output
    shift
    output=$("$@" 2>&1)
    [[ $output == *"$text"* ]] || { echo "not in the output of $*: $text" && echo "$output" && return 1; }
}

# Passes if the command fails.
fails() {
    ! "$@"
}

ask() {
    timeout 10 dig +tries=1 +time=6 "$@"
}

# Prints "N passed, N failed", and passes if none failed and that many runs came to their end.
summary() {
    local passed failed ended
    passed=$(grep -c '^passed' "$results" || true)
    failed=$(grep -c '^failed' "$results" || true)
    ended=$(grep -c '^done' "$results" || true)
    if [ "$ended" != "$1" ]; then
        echo "FAILED the steps did not come to their end"
        failed=$((failed + 1))
    fi
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

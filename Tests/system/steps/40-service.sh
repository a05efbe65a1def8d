# The service is at home: status, journal, no privileges, sandbox.
# shellcheck shell=bash

# Passes if one entry of the journal has all of the fields.
journal_entry_with() {
    journalctl --sync
    journalctl --no-pager -o export _SYSTEMD_UNIT=dotproxy.service | awk -v fields="$*" '
        BEGIN { RS = ""; FS = "\n"; n = split(fields, wanted, " ") }
        {
            split("", seen)
            for (i = 1; i <= NF; i++) { name = $i; sub(/=.*/, "", name); seen[name] = 1 }
            found = 0
            for (i = 1; i <= n; i++) found += (wanted[i] in seen)
            ok = ok || found == n
        }
        END { exit !ok }' || { journalctl --no-pager -n 20 -o verbose -u dotproxy.service && return 1; }
}

# Prints a line of the status of the main process.
process_status() {
    sed -n "s/^$1:[[:space:]]*//p" "/proc/$(property MainPID)/status"
}

exposure() {
    systemd-analyze security --no-pager dotproxy.service |
        sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p'
}

step "service"
check "STATUS= tells of the upstream" output_has one.dot.example property StatusText
check "journal fields" journal_entry_with MESSAGE_ID UPSTREAM TLS_VERSION CIPHER RTT_USEC
check "runs as a user of its own" fails grep -q -w 0 <<<"$(process_status Uid)"
check "no capabilities" equal \
    "$(for set in CapInh CapPrm CapEff CapBnd CapAmb; do process_status $set; done | sort -u)" \
    0000000000000000
check "no new privileges" equal "$(process_status NoNewPrivs)" 1
check "system calls are filtered" equal "$(process_status Seccomp)" 2
check "exposure below 1.5" awk -v level="$(exposure)" 'BEGIN { exit !(level > 0 && level < 1.5) }'
check "stays under 20 MB" awk -v kilobytes="$(process_status VmRSS | cut -d' ' -f1)" \
    'BEGIN { print kilobytes; exit !(kilobytes > 0 && kilobytes < 20000) }'

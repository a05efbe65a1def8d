# Sourced: a Debian 12 machine of its own in a folder: made, booted with systemd, entered, ended.
# Needs root; knows nothing of what is tested.
# shellcheck shell=bash

machine_packages=systemd,systemd-sysv,dbus,procps,iproute2,strace,python3-minimal,ca-certificates
machine_packages+=,bind9,bind9-dnsutils,fstrm-bin,unbound,libc-bin,libgnutls30,libsystemd0,libstdc++6

machine_state=$PWD/.build-system
machine_root=$machine_state/root
machine_console=$machine_state/console.log

# Prints the options that let mmdebstrap fetch from where this machine fetches.
machine_sources() {
    local proxy
    proxy=$(apt-config dump --format '%v%n' Acquire::http::Proxy)
    [ -z "$proxy" ] || echo "--aptopt=Acquire::http::Proxy \"$proxy\";"
    echo bookworm
    echo "$machine_state/root.tar"
    if [ -s /etc/apt/sources.list.d/debian.sources ]; then
        echo /etc/apt/sources.list.d/debian.sources
    elif [ -s /etc/apt/sources.list ]; then
        echo /etc/apt/sources.list
    fi
}

# Makes the archive of the root folder. It is kept for a week, after which Debian may have moved on.
machine_bootstrap() {
    local key options
    key=$(echo "$machine_packages" | sha256sum | cut -c 1-16)
    if [ "$(cat "$machine_state/root.key" 2>/dev/null)" = "$key" ] &&
        [ -n "$(find "$machine_state/root.tar" -mtime -7 2>/dev/null)" ]; then
        return
    fi
    rm -f "$machine_state/root.key"
    mapfile -t options < <(machine_sources)
    timeout 900 mmdebstrap --quiet --variant=minbase --include="$machine_packages" \
        "${options[@]}" </dev/null
    echo "$key" >"$machine_state/root.key"
}

# Makes the root folder anew.
machine_make() {
    machine_kill
    machine_bootstrap
    rm -rf --one-file-system "$machine_root"
    mkdir "$machine_root"
    tar --extract --file "$machine_state/root.tar" --directory "$machine_root"
    echo dotproxy-check >"$machine_root/etc/hostname"
    # Debian's own servers would take port 53 of 127.0.0.1.
    ln -sf /dev/null "$machine_root/etc/systemd/system/unbound.service"
    ln -sf /dev/null "$machine_root/etc/systemd/system/named.service"
}

# Installs packages into the root folder, from where this machine fetches. What was fetched is kept.
machine_install() {
    local archives=$machine_state/archives
    mkdir -p "$archives/partial"
    timeout --kill-after=10 600 systemd-nspawn --quiet --directory="$machine_root" --register=no \
        --keep-unit --as-pid2 --pipe --resolv-conf=replace-host \
        --bind="$archives:/var/cache/apt/archives" --setenv=DEBIAN_FRONTEND=noninteractive \
        sh -c 'apt-get update -qq && apt-get install -qq -y --no-install-recommends \
        -o Binary::apt-get::APT::Keep-Downloaded-Packages=true -o Dpkg::Use-Pty=0 "$@"' sh "$@" </dev/null
}

# Prints the systemd-nspawn that runs in the root folder, if any.
machine_nspawn() {
    pgrep --full "^systemd-nspawn --directory=$machine_root " | head -n 1 || true
}

# Kills it; its first process dies with it. Also ends what an earlier run left that was killed.
machine_kill() {
    local pid i
    pid=$(machine_nspawn)
    [ -n "$pid" ] || return 0
    kill -KILL "$pid"
    for ((i = 0; i < 100; i++)); do
        [ -d "/proc/$pid" ] || return 0
        sleep 0.1
    done
    echo "cannot end process $pid"
    return 1
}

# Boots it without network but a loopback, and waits until systemd is done. systemd-nspawn wants a
# terminal, which "script" makes; a limit on its life ends what nobody else ends.
machine_boot() {
    local i name
    name=dotproxy-$(cksum <<<"$machine_root" | cut -d ' ' -f 1)
    timeout --kill-after=10 1200 script -qfc "exec systemd-nspawn --directory=$machine_root \
        --boot --register=no --keep-unit --private-network --machine=$name \
        --hostname=dotproxy-check" "$machine_console" </dev/null >/dev/null 2>&1 &
    machine_script=$!
    for ((i = 0; i < 300; i++)); do
        sleep 0.1
        kill -0 $machine_script 2>/dev/null || break
        machine_find || continue
        case $(machine_run 60 systemctl is-system-running --wait 2>/dev/null) in
        running | degraded) return 0 ;;
        esac
    done
    echo "the machine did not boot:" && tail -n 20 "$machine_console"
    return 1
}

# Finds its first process.
machine_find() {
    local nspawn
    nspawn=$(machine_nspawn)
    [ -n "$nspawn" ] || return 1
    machine_init=$(pgrep --parent "$nspawn" | head -n 1) || true
    [ -n "$machine_init" ] || return 1
    # It has not left this machine yet.
    [ "$(readlink "/proc/$machine_init/ns/pid")" != "$(readlink /proc/self/ns/pid)" ]
}

# Runs a command in it, with a limit in seconds.
machine_run() {
    local limit=$1
    shift
    [ -n "${machine_init:-}" ] || return 1
    timeout --kill-after=5 "$limit" nsenter --target "$machine_init" --all -- \
        env --ignore-environment PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        LC_ALL=C.UTF-8 HOME=/root TERM=dumb "$@" </dev/null
}

# Stops it, with force if it does not go; it can be booted again.
machine_stop() {
    local i
    [ -n "${machine_script:-}" ] || return 0
    machine_run 20 systemctl poweroff --no-block >/dev/null 2>&1 || true
    for ((i = 0; i < 100; i++)); do
        kill -0 "$machine_script" 2>/dev/null || break
        sleep 0.1
    done
    machine_kill
    wait "$machine_script" 2>/dev/null || true
    machine_script=
}

# Ends it and removes its root folder.
machine_end() {
    machine_stop
    rm -rf --one-file-system "$machine_root"
}

# The package installs, and installing changes nothing else.
# shellcheck shell=bash

# Prints the names of all files but those that any use of a machine and of apt adds.
list_files() {
    find / -xdev \( -path /check -o -path /var/log -o -path /var/cache -o -path /var/lib/apt \
        -o -path /var/tmp -o -path /var/backups -o -name '*-old' \) -prune -o -print | sort
}

install_package() {
    DEBIAN_FRONTEND=noninteractive timeout 60 apt-get install -qq -y -o Dpkg::Use-Pty=0 "$@" /check/dotproxy.deb
}

upstreams_listen() {
    equal "$(ss -Hltn 'sport = :853' | wc -l)" 2
}

step "install"
echo "nameserver 192.0.2.53" >/etc/resolv.conf
list_files >/check/files.before
check "apt install ./dotproxy.deb" install_package
check "the configuration is readable by all" test "$(stat -c %a /etc/dotproxy.conf)" = 644
check "dotproxy --version" output_has "$(dpkg-query -W -f '${Version}' dotproxy)" \
    timeout 10 dotproxy --version
check "the shipped configuration is valid" timeout 10 dotproxy --check-config
check "neither enabled nor running" equal \
    "$(systemctl is-enabled dotproxy.socket dotproxy.service; systemctl is-active dotproxy.socket dotproxy.service)" \
    $'disabled\ndisabled\ninactive\ninactive'
check "nothing listens on port 53" equal "$(ss -Hltun 'sport = :53')" ""
check "resolv.conf is as it was" equal "$(cat /etc/resolv.conf)" "nameserver 192.0.2.53"

systemctl start upstream@one.dot.example upstream@two.dot.example
check "two upstreams listen" wait_for 10 upstreams_listen
use_upstream one
echo "nameserver 127.0.0.53" >/etc/resolv.conf

# Removing leaves the configuration, purging nothing.
# shellcheck shell=bash

remove_package() {
    DEBIAN_FRONTEND=noninteractive timeout 60 apt-get "$1" -qq -y -o Dpkg::Use-Pty=0 dotproxy
}

# Passes if the files are those from before the installation, and those that are named.
left_over() {
    list_files >/check/files.now
    equal "$(comm -13 /check/files.before /check/files.now)" "$1" &&
        equal "$(comm -23 /check/files.before /check/files.now)" ""
}

step "remove"
rm /etc/dotproxy.conf.d/check.conf
check "apt remove" remove_package remove
check "it has stopped" equal "$(pgrep -x dotproxy)" ""
check "nothing listens on port 53" equal "$(ss -Hltun 'sport = :53')" ""
check "the configuration is still there" test -e /etc/dotproxy.conf
check "apt purge" remove_package purge
check "no file is left" left_over ""
check "no unit is left" fails systemctl cat dotproxy.socket

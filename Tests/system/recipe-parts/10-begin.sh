# The package is installed, and what it is to ask runs. Recipes begin here.
# shellcheck shell=bash

install_package() {
    DEBIAN_FRONTEND=noninteractive timeout 60 apt-get install -qq -y -o Dpkg::Use-Pty=0 /check/dotproxy.deb
}

step "install"
check "apt install ./dotproxy.deb" install_package
systemctl start upstream@one.dot.example
check "an upstream listens" wait_for 10 upstream_listens
use_upstream one

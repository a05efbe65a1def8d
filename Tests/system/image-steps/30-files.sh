# The same, told by files that are mounted, and reloaded.
# shellcheck shell=bash disable=SC2154 # the variables of image-inside.sh

# Writes the file that says which upstream is asked.
use() {
    printf '%s\n' '[Upstream]' 'Server=' "Server=$2#$1.dot.example" >"$folder/conf/upstream.conf"
}

reload() {
    image_podman kill --signal HUP dotproxy
}

step "a container told by files"
mkdir -p "$folder/conf"
use one 127.0.0.1
check "starts" start --volume "$folder/conf:/etc/dotproxy.conf.d:ro"
check "asks the server of the file" wait_for 10 answered_by one.dot.example
use two 127.0.0.2
check "is told to read it again" reload
check "asks the other server" wait_for 10 answered_by two.dot.example
echo 'Sever=192.0.2.9#wrong.test' >>"$folder/conf/upstream.conf"
check "is told to read a mistake" reload
check "says where it is" wait_for 10 logged '/etc/dotproxy.conf.d/upstream.conf:4'
check "goes on as before" answered_by two.dot.example
use one 127.0.0.1
check "its control tool has it read the repair" control reload
check "asks the first server again" wait_for 10 answered_by one.dot.example
check "stops" stops

#!/usr/bin/env bash
# Holds the directions of the imports under Sources: Core decides and touches nothing, System knows
# no DNS, the two drivers know neither each other nor the forwarder.
. "$(dirname "$0")/environment.sh"

core=$(cd Sources/Core && echo *)
dns="DNSWire DNSText DNSCache Upstream Policy Configuration Forwarder"
service=$(cd Sources/Service && echo *)
bad=0

# Prints "file:line: module" for each import under a folder.
imports() {
    grep -rnE '^[^/"]*\<import +[A-Za-z_]' --include='*.swift' "$1" |
        sed -E 's/^([^:]*:[0-9]+):.*\<import +((struct|class|enum|protocol|typealias|func|let|var) +)?([A-Za-z_0-9]+).*/\1: \4/'
}

# Reports the imports of a folder that are not in the list that follows.
only() {
    local folder=$1 place module
    shift
    while read -r place module; do
        case " $* " in *" $module "*) continue ;; esac
        echo "$place $folder may not import $module"
        bad=1
    done < <(imports "$folder")
}

# Reports the imports of a folder that are in the list that follows.
never() {
    local folder=$1 place module
    shift
    while read -r place module; do
        case " $* " in *" $module "*) ;; *) continue ;; esac
        echo "$place $folder may not import $module"
        bad=1
    done < <(imports "$folder")
}

# shellcheck disable=SC2086 # lists of words
{
    only Sources/Core $core Synchronization
    never Sources Foundation FoundationEssentials Dispatch
    never Sources/System $dns $service
    never Sources/Service/Frontend UpstreamTransport Forwarder Upstream Daemon
    never Sources/Service/UpstreamTransport Frontend Forwarder Daemon
    never Sources/Service/Control Frontend UpstreamTransport Forwarder Upstream DNSCache Daemon
    never Sources/Service/ProgramOptions $core $service
}
exit $bad

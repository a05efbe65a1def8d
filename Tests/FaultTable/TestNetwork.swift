import Glibc
import NetAddress
import TestServers

/// A network namespace for a subject, with one link to its clients and one to its upstreams.
public enum TestNetwork {
    public static let namespace = "dotproxy-faults"
    /// Where the servers are, seen from the subject over the link that can go down.
    static let server = IPAddress(v4: 0xc633_6401)
    /// Where the subject is, seen from its clients over the link that stays.
    public static let subject = IPAddress(v4: 0xc633_6406)

    /// A command that failed.
    struct Failure: Error {
        let command: String
    }

    /// Makes the namespace and its links; takes an administrator.
    public static func make() throws {
        remove()
        for command in [
            "ip netns add \(namespace)", "ip -n \(namespace) link set lo up",
            "ip link add dpf-up type veth peer name up netns \(namespace)",
            "ip link add dpf-down type veth peer name down netns \(namespace)",
            "ip address add 198.51.100.1/30 dev dpf-up", "ip link set dpf-up up",
            "ip -n \(namespace) address add 198.51.100.2/30 dev up",
            "ip -n \(namespace) link set dev up up",
            "ip address add 198.51.100.5/30 dev dpf-down", "ip link set dpf-down up",
            "ip -n \(namespace) address add 198.51.100.6/30 dev down",
            "ip -n \(namespace) link set dev down up",
        ] { try run(command) }
    }

    public static func remove() {
        try? run("ip netns delete \(namespace) 2>/dev/null")
        try? run("ip link delete dpf-up 2>/dev/null")
        try? run("ip link delete dpf-down 2>/dev/null")
    }

    /// Takes the subject's link to its upstreams down or up, with the addresses and routes on it.
    static func setLink(up: Bool) throws {
        try run("ip -n \(namespace) link set dev up \(up ? "up" : "down")")
    }

    private static func run(_ command: String) throws {
        guard system(command) == 0 else { throw Failure(command: command) }
    }
}

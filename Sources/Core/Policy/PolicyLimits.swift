/// The bounds of a policy, each with its reason.
public enum PolicyLimits {
    /// Prefixes of one kind; a table is made by trying each with each.
    public static let prefixes = 256
    /// Clients whose rate is known at a time, by prefix; 8 octets each, for all workers.
    public static let ratedClients = 8192
    /// How far workers' times may lie apart, in microseconds: each reads the clock when it wakes
    /// up, and no wake-up takes as long.
    static let clockSkew: UInt64 = 10_000_000
    /// How often a worker tries to take a token that others take from as well; each try that fails
    /// is one of theirs that did not.
    static let tokenAttempts = 64
    /// Names of filter lists: 70 MB, which with what a reload takes stays below `MemoryMax=`.
    public static let filterNames = 2_000_000
    /// Names of the hosts file: ten times as many as anybody keeps by hand.
    public static let hostsNames = 65_536
    /// Octets of the hosts file.
    public static let hostsByteCount = 16 << 20
    /// Octets of one filter list: what so many names take with their lines' other words.
    public static let listByteCount = 128 << 20
    /// Octets of one line of a list; a name has 253.
    public static let lineLength = 1024
    /// Records of one name; all of them fit a datagram with EDNS.
    public static let recordsOfName = 64
    /// Problems of one file that are told; the rest is counted.
    public static let problems = 10
}

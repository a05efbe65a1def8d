public import NetAddress

/// What `LocalNames` are made of.
public struct LocalNamesSource: Sendable {
    /// Special names that are asked for like any other, with all below them.
    public var forwarded: [FoldedName] = []
    /// The operator's own records.
    public var records: [LocalRecord] = []

    public init() {}

    /// Makes the names of these and of what `hosts` has read; `seed` are two secret numbers.
    ///
    /// An operator's record counts more than what the hosts file says of the same name.
    public func makeNames(_ hosts: HostsReader, seed: (UInt64, UInt64)) -> LocalNames {
        var builder = LocalNamesBuilder(forwarding: forwarded)
        for record in records { builder.add(record, coversAllTypes: true) }
        let own = Set(records.map(\.name))
        for entry in hosts.entries { builder.add(entry, except: own) }
        return builder.finish(hash: NameHash(seed.0, seed.1))
    }
}

extension LocalNamesBuilder {
    /// Adds a line of the hosts file: its names, and the official one for reverse lookups.
    fileprivate mutating func add(_ entry: HostsReader.Entry, except own: Set<FoldedName>) {
        for name in entry.names where !own.contains(name) && !isLoopback(name) {
            add(
                LocalRecord(
                    name: name, timeToLive: LocalNameTable.timeToLive, data: .address(entry.address)
                ),
                // Nobody else knows about a name without a dot.
                coversAllTypes: name.isSingleLabel)
        }
        let reverse = FoldedName(reverseOf: entry.address)
        guard let official = entry.names.first, !entry.address.isUnspecified,
            !own.contains(reverse), !hasRecords(reverse)
        else { return }
        add(
            LocalRecord(
                name: reverse, timeToLive: LocalNameTable.timeToLive, data: .pointer(official)),
            coversAllTypes: true)
    }
}

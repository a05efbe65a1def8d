internal import Collections
internal import NetAddress

/// Gathers what is answered here, then makes `LocalNames` of it.
struct LocalNamesBuilder {
    /// Bits of a node's second octet.
    enum Flag {
        static let hasRecords: UInt8 = 1
        static let coversAllTypes: UInt8 = 2
        static let isDelegated: UInt8 = 4
    }

    private struct Node {
        var zone = SpecialNames.Kind.none
        var flags: UInt8 = 0
        var records: [LocalRecord] = []
    }

    private var nodes: [FoldedName: Node] = [:]

    /// Begins with the special zones, but for those within a name of `forwarded`.
    init(forwarding forwarded: [FoldedName]) {
        let zones = SpecialNames.all
        // They are most of what there is as a rule.
        nodes.reserveCapacity(zones.count * 2)
        for zone in zones where !forwarded.contains(where: zone.name.isWithin) {
            let flags = zone.name.isSingleLabel ? 0 : Flag.isDelegated
            nodes[zone.name] = Node(zone: zone.kind, flags: flags)
        }
        for name in forwarded where name != .root {
            nodes[name, default: Node()].zone = .forwarded
        }
        for record in SpecialNames.records where kind(of: record.name) == .empty {
            add(record, coversAllTypes: true)
        }
        if let name = SpecialNames.designation, kind(of: name) == .empty {
            nodes[name, default: Node()].flags |= Flag.hasRecords | Flag.coversAllTypes
        }
    }

    /// What the zone that `name` is in answers.
    private func kind(of name: FoldedName) -> SpecialNames.Kind {
        var name: FoldedName? = name
        while let current = name {
            if let zone = nodes[current]?.zone, zone != .none { return zone }
            name = current.parent
        }
        return .none
    }

    /// Whether every name there is this host, whatever a file says.
    func isLoopback(_ name: FoldedName) -> Bool { kind(of: name) == .loopback }

    /// Adds a record unless there is the same already, or its name has as many as one may have.
    mutating func add(_ record: LocalRecord, coversAllTypes: Bool) {
        var node = nodes[record.name] ?? Node()
        node.flags |= Flag.hasRecords | (coversAllTypes ? Flag.coversAllTypes : 0)
        if node.records.count < PolicyLimits.recordsOfName,
            !node.records.contains(where: { $0.data == record.data })
        {
            node.records.append(record)
        }
        nodes[record.name] = node
    }

    func hasRecords(_ name: FoldedName) -> Bool { nodes[name]?.records.isEmpty == false }

    consuming func finish(hash: NameHash) -> LocalNames {
        addAncestors()
        var table = DomainTableBuilder(hash: hash)
        var topLabels = TopLabels()
        for (name, node) in nodes where name != .root {
            table.add(name, payload: payload(of: node))
            topLabels.insert(name.octets.span.octets)
        }
        return LocalNames(LocalNameTable(table.finish()), topLabels: topLabels)
    }

    /// The walk goes on only where there is something below.
    private mutating func addAncestors() {
        for name in Array(nodes.keys) {
            var ancestor = name.parent
            while let current = ancestor, nodes[current] == nil {
                nodes[current] = Node()
                ancestor = current.parent
            }
        }
    }

    private func payload(of node: Node) -> [UInt8] {
        let sets =
            node.records.isEmpty
            ? [] : RecordSets(node.records) { nodes[$0]?.records ?? [] }.octets
        let length = UInt16(clamping: 2 + sets.count)
        return [
            UInt8(length >> 8), UInt8(truncatingIfNeeded: length), node.zone.rawValue, node.flags,
        ] + sets
    }
}

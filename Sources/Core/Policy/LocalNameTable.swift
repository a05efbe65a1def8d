internal import Collections
internal import DNSWire
internal import NetAddress

/// A tree of names as a table: whatever is above a name is there as well, if only as a node.
struct LocalNameTable: ~Copyable, Sendable {
    /// What a node has to say, in the first octets of its payload.
    struct Node {
        /// The zone that begins here.
        let zone: SpecialNames.Kind
        /// Whether there are records, or were if it had any of the type.
        let hasRecords: Bool
        /// Whether it is answered whatever type is asked for, and not only for addresses.
        let coversAllTypes: Bool
        /// Whether the zone above proves that this one is unsigned, by an answer to DS.
        let isDelegated: Bool
        /// The records, in sets by type.
        let sets: Range<Int>

        /// Octets before the sets, the length included.
        static let headerLength = 4
    }

    /// How long what the hosts file says may be remembered, in seconds: edits are to be seen soon.
    static let timeToLive: UInt32 = 10

    private let table: DomainTable

    init(_ table: consuming DomainTable) {
        self.table = table
    }

    var count: Int { table.count }

    /// Writes the answer to the folded `question` as `reply` wants it and gives its length; `nil`
    /// when it is not answered here.
    func answer(
        _ question: RawSpan, as reply: Reply, into target: inout MutableRawSpan
    ) -> Int? {
        let nameLength = question.byteCount &- 4
        let name = question.extracting(0..<nameLength)
        guard let found = find(name) else { return nil }
        guard question.uint16(at: nameLength &+ 2) == RecordClass.internet.rawValue else {
            return nil
        }
        let type = RecordType(rawValue: question.uint16(at: nameLength))
        return Self.answer(
            found, type, in: table.octets, question: question, as: reply, into: &target)
    }

    /// What is known of a name: its own node, and the zone that it is in.
    struct Finding {
        var node: Node?
        var zone = SpecialNames.Kind.none
        /// Where the zone's name begins in the question's.
        var zoneStart = 0
    }

    /// Walks from the root until there is no name below: for nearly all that is the second step.
    private func find(_ name: RawSpan) -> Finding? {
        let labels = LabelStarts(name)
        let end = name.byteCount &- 1
        var walk = table.hash.walk(from: end)
        var finding = Finding()
        var index = labels.count
        while index > 0 {
            index &-= 1
            let start = labels[index]
            let hashed = table.hash.extend(&walk, name, to: start)
            guard let payload = table.payload(hashed, name, start..<end) else {
                return finding.zone == .none ? nil : finding
            }
            let node = Self.node(at: payload, in: table.octets)
            if node.zone != .none {
                finding.zone = node.zone
                finding.zoneStart = start
            }
            if start == 0 { finding.node = node }
        }
        return finding.node == nil ? nil : finding
    }

    private static func node(at payload: Int, in octets: RawSpan) -> Node {
        let length = Int(octets.uint16(at: payload))
        let flags = octets.octet(at: payload &+ 3)
        return Node(
            zone: SpecialNames.Kind(rawValue: octets.octet(at: payload &+ 2)) ?? .none,
            hasRecords: flags & LocalNamesBuilder.Flag.hasRecords != 0,
            coversAllTypes: flags & LocalNamesBuilder.Flag.coversAllTypes != 0,
            isDelegated: flags & LocalNamesBuilder.Flag.isDelegated != 0,
            sets: (payload &+ Node.headerLength)..<(payload &+ 2 &+ length))
    }
}

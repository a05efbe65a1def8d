internal import DNSWire
public import NetAddress

/// Finds the route of a name: that of the longest routed name that it is or is below.
public struct RouteTable: ~Copyable {
    /// Nothing at all where no name has a route, so that nothing is done then.
    private let table: DomainTable?
    /// The route of names that no other takes.
    private let rest: UInt8

    /// Takes routed names, each with its route, and two secret random numbers.
    ///
    /// Of a name that is there twice the first route counts.
    public init(_ routes: [(name: FoldedName, route: UInt8)], seed: (UInt64, UInt64)) {
        rest = routes.first { $0.name == .root }?.route ?? 0
        guard !routes.isEmpty else {
            table = nil
            return
        }
        var builder = DomainTableBuilder(hash: NameHash(seed.0, seed.1), payloadLength: 1)
        for (name, route) in routes where name != .root { builder.add(name, payload: [route]) }
        table = builder.finish { earlier, _ in earlier }
    }

    /// The route of the folded `name`, zero where none takes it.
    @inline(__always)
    public func route(of name: RawSpan) -> UInt8 {
        switch table {
        case .none: 0
        case .some(let table): Self.search(table, name) ?? rest
        }
    }

    @inline(never)
    private static func search(_ table: borrowing DomainTable, _ name: RawSpan) -> UInt8? {
        var found: UInt8?
        let end = name.byteCount &- 1
        guard table.mayHoldSuffix(of: name, end: end) else { return nil }
        table.forEachSuffix(of: name, end: end) { payload, _ in found = table.octet(at: payload) }
        return found
    }
}

public import NetAddress

/// Gathers the names of a `NameFilter`.
public struct NameFilterBuilder {
    /// Bits of a name's payload.
    enum Flag {
        static let subtree: UInt8 = 1
        static let allowed: UInt8 = 2
    }

    private var table: DomainTableBuilder

    /// Takes two secret random numbers.
    public init(seed: (UInt64, UInt64)) {
        table = DomainTableBuilder(hash: NameHash(seed.0, seed.1), payloadLength: 1)
    }

    var count: Int { table.count }

    /// Adds a name that is not to be resolved; false if it is none.
    mutating func block(_ text: ArraySlice<UInt8>, subtree: Bool) -> Bool {
        table.add(text: text, payload: subtree ? Flag.subtree : 0)
    }

    /// Adds a name that is resolved, with all below it, whatever is said of those above.
    public mutating func allow(_ name: FoldedName) {
        table.add(name, payload: [Flag.subtree | Flag.allowed])
    }

    public consuming func finish(answer: NameFilter.Answer) -> NameFilter {
        NameFilter(table.finish(merging: Self.merge), answer: answer)
    }

    private static func merge(_ earlier: UInt8, _ later: UInt8) -> UInt8 {
        if (earlier ^ later) & Flag.allowed == 0 { return earlier | later }
        return earlier & Flag.allowed != 0 ? earlier : later
    }
}

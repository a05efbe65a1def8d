internal import Collections

/// Which exchange waits for which position of a connection's id sequence.
///
/// One block for all connections: position p of a connection lives at p modulo the table's size,
/// so an entry is found without a search and without a hash.
struct InFlightTable: ~Copyable {
    // Invariants, for each connection's part:
    //   an entry is free, waited for by one exchange, or abandoned
    //   a position is given out only into a free entry, so no two positions share one
    struct Entry: BitwiseCopyable {
        var position: UInt16
        var exchange: UInt16
    }

    static let free: UInt16 = .max
    static let abandoned: UInt16 = .max - 1

    private var entries: FixedArray<Entry>

    init(connections: Int) {
        entries = FixedArray(uninitializedCount: connections * Limits.inFlight)
    }

    /// Makes every entry of `connection` free; done before anything else with it.
    mutating func reset(_ connection: Int) {
        let start = connection * Limits.inFlight
        entries.fill(
            start..<(start + Limits.inFlight), with: Entry(position: 0, exchange: Self.free))
    }

    /// Whether the entry for `position` is free.
    func isFree(_ connection: Int, _ position: UInt16) -> Bool {
        entries[index(connection, position)].exchange == Self.free
    }

    mutating func set(_ connection: Int, _ position: UInt16, to exchange: UInt16) {
        entries[index(connection, position)] = Entry(position: position, exchange: exchange)
    }

    /// The exchange that waits for `position`, `abandoned`, or `free` when nobody ever asked.
    func exchange(_ connection: Int, _ position: UInt16) -> UInt16 {
        let entry = entries[index(connection, position)]
        return entry.position == position ? entry.exchange : Self.free
    }

    private func index(_ connection: Int, _ position: UInt16) -> Int {
        connection &* Limits.inFlight &+ (Int(position) & (Limits.inFlight &- 1))
    }
}

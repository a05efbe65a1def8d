internal import Collections

/// Where the TTLs of an answer are, from the start of its records, and how they are bounded.
struct TTLOffsets: ~Copyable {
    /// The most records that fit into a message: 65,535 octets, eleven at least for each.
    private static let capacity = 5958

    private var offsets: FixedArray<UInt16>
    private(set) var count = 0
    var minimum: UInt32 = 0
    var maximum: UInt32 = .max

    init() {
        offsets = FixedArray(uninitializedCount: Self.capacity)
    }

    subscript(index: Int) -> UInt16 { offsets[index] }

    mutating func removeAll() { count = 0 }

    /// Notes one more; false when there are more than a message can hold.
    mutating func append(_ offset: Int) -> Bool {
        guard count < Self.capacity, let offset = UInt16(exactly: offset) else { return false }
        offsets[count] = offset
        count += 1
        return true
    }

    mutating func truncate(to newCount: Int) { count = min(count, newCount) }

    /// A TTL within the configured bounds; one with its top bit set is zero (RFC 2181 section 8).
    func clamped(_ ttl: UInt32) -> UInt32 {
        min(max(ttl > 0x7fff_ffff ? 0 : ttl, minimum), maximum)
    }
}

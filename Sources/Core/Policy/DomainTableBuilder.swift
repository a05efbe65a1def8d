internal import Collections
internal import DNSWire
internal import NetAddress

/// Gathers names for a `DomainTable`.
struct DomainTableBuilder {
    /// What becomes of the first octet of the payloads of one name that was added twice.
    typealias Merging = (_ earlier: UInt8, _ later: UInt8) -> UInt8

    private let hash: NameHash
    /// Entries as in the table.
    private var arena: [UInt8] = []
    /// Slots as in the table, in the order of adding.
    private var slots: [UInt64] = []
    private var lengths: UInt64 = 0
    private let payloadLength: Int?

    /// Makes an empty one; with a `payloadLength`, every payload has so many octets.
    init(hash: NameHash, payloadLength: Int? = nil) {
        self.hash = hash
        self.payloadLength = payloadLength
    }

    var count: Int { slots.count }

    /// Adds the name that `text` is; false if it is none, or the root.
    mutating func add(text: ArraySlice<UInt8>, payload: UInt8) -> Bool {
        let start = arena.count
        arena.append(0)
        guard FoldedName.append(text, to: &arena), arena.count > start + 1 else {
            arena.removeLast(arena.count - start)
            return false
        }
        close(start)
        arena.append(payload)
        return true
    }

    /// Adds `name`, which may be the root.
    mutating func add(_ name: FoldedName, payload: [UInt8]) {
        let start = arena.count
        arena.append(0)
        arena += name.octets[..<(name.octets.count - 1)]
        close(start)
        arena += payload
    }

    /// Makes a slot for the name behind `start`, where its length belongs.
    private mutating func close(_ start: Int) {
        let length = arena.count - start - 1
        arena[start] = UInt8(truncatingIfNeeded: length)
        let value = hash(ofNameFrom: start + 1)
        lengths |= DomainTable.bit(ofLength: length)
        slots.append(value & DomainTable.hashBits | UInt64(start))
    }

    /// The hash of the name that begins at `start` and is the last there is.
    private func hash(ofNameFrom start: Int) -> UInt64 {
        let name = arena.span.octets.extracting(start..<arena.count)
        var walk = hash.walk(from: name.byteCount)
        return hash.extend(&walk, name, to: 0)
    }
}

extension DomainTableBuilder {
    /// Makes the table.
    consuming func finish(merging: Merging = { _, later in later }) -> DomainTable {
        slots.sort()
        removeDuplicates(merging)
        let homes = max(slots.count * 4 / 3, 1)
        var sorted = FixedArray(
            repeating: DomainTable.free, count: Self.reach(of: slots, homes: homes))
        var packed = ByteSlab(uninitializedByteCount: max(packedByteCount, 1))
        pack(into: &packed, &sorted, homes: homes)
        return DomainTable(
            hash: hash, slots: sorted, homes: homes, arena: packed, lengths: lengths,
            count: slots.count)
    }

    /// Leaves one slot for each name; those of one hash stand together, oldest first.
    private mutating func removeDuplicates(_ merging: Merging) {
        var kept = 0
        var first = 0  // The first kept one of the same hash.
        for index in slots.indices {
            let slot = slots[index]
            if kept == first || slots[first] >> 32 != slot >> 32 { first = kept }
            if let same = (first..<kept).first(where: { equal(slots[$0], slot) }) {
                merge(slots[same], into: slot, merging)
                slots[same] = slot
            } else {
                slots[kept] = slot
                kept += 1
            }
        }
        slots.removeLast(slots.count - kept)
    }

    private func equal(_ one: UInt64, _ other: UInt64) -> Bool {
        arena[name(one)] == arena[name(other)]
    }

    private mutating func merge(_ earlier: UInt64, into later: UInt64, _ merging: Merging) {
        let payload = name(later).upperBound
        guard payload < arena.count, name(earlier).upperBound < arena.count else { return }
        arena[payload] = merging(arena[name(earlier).upperBound], arena[payload])
    }

    private func name(_ slot: UInt64) -> Range<Int> {
        let start = Int(slot & 0xffff_ffff)
        return start..<(start + 1 + Int(arena[start]))
    }

    /// Where the entry ends that `slot` names.
    private func entry(_ slot: UInt64) -> Range<Int> {
        let name = name(slot)
        // Without a fixed length a payload begins with its length in two octets.
        let payload =
            payloadLength ?? 2 + Int(arena[name.upperBound]) << 8
            + Int(arena[name.upperBound + 1])
        return name.lowerBound..<(name.upperBound + payload)
    }

    private var packedByteCount: Int { slots.reduce(0) { $0 + entry($1).count } }

    /// How many slots it takes, a free one at the end included.
    private static func reach(of slots: [UInt64], homes: Int) -> Int {
        var next = 0
        for slot in slots {
            next = max(DomainTable.home(of: slot >> 32, among: UInt64(homes)), next) + 1
        }
        return max(next, homes) + 1
    }

    private func pack(
        into packed: inout ByteSlab, _ sorted: inout FixedArray<UInt64>, homes: Int
    ) {
        var next = 0
        var end = 0
        var target = packed.mutableSpan(0)
        let source = arena.span.octets
        for slot in slots {
            let range = entry(slot)
            target.copy(source, range, to: end)
            next = max(DomainTable.home(of: slot >> 32, among: UInt64(homes)), next)
            sorted[next] = slot & DomainTable.hashBits | UInt64(end)
            next += 1
            end += range.count
        }
    }
}

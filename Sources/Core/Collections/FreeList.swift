/// The free indices of a table, handed out last in, first out.
///
/// Each index carries a generation that changes when it is given back, so that a reference kept
/// too long is told from the new holder of the index.
public struct FreeList: ~Copyable {
    // Invariants:
    //   0 <= freedCount <= handedOut <= capacity
    //   the indices from handedOut on were never in use, and nothing of them was ever written
    //   stack[0..<freedCount] are the free ones of the others, each once
    //   generations[i] is odd while i is in use, even while it is free
    private var stack: FixedArray<UInt32>
    private var generations: FixedArray<UInt32>
    private var freedCount = 0
    private var handedOut = 0

    /// Makes a list of `capacity` free indices, which takes memory as they are handed out.
    public init(capacity: Int) {
        stack = FixedArray(uninitializedCount: capacity)
        generations = FixedArray(uninitializedCount: capacity)
    }

    public var capacity: Int { stack.count }

    /// How many indices are in use.
    public var inUse: Int { handedOut - freedCount }

    /// Takes a free index, or `nil` when all are in use.
    public mutating func allocate() -> SlotID? {
        let index: Int
        if freedCount > 0 {
            freedCount &-= 1
            index = Int(stack[freedCount])
        } else {
            guard handedOut < capacity else { return nil }
            index = handedOut
            generations[index] = 0
            handedOut &+= 1
        }
        generations[index] &+= 1
        return SlotID(index: UInt32(truncatingIfNeeded: index), generation: generations[index])
    }

    /// Gives `slot` back; a slot that is no longer in use is left alone.
    public mutating func free(_ slot: SlotID) {
        guard contains(slot) else { return }
        generations[Int(slot.index)] &+= 1
        stack[freedCount] = slot.index
        freedCount &+= 1
    }

    /// Whether `slot` is in use by the holder it was given to.
    public func contains(_ slot: SlotID) -> Bool {
        Int(slot.index) < handedOut && slot.generation & 1 == 1
            && generations[Int(slot.index)] == slot.generation
    }

    /// The slot in use at `index`, or `nil` when the index is free.
    public func slot(at index: Int) -> SlotID? {
        guard index < handedOut, generations[index] & 1 == 1 else { return nil }
        return SlotID(index: UInt32(index), generation: generations[index])
    }
}

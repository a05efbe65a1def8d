/// The free indices of a table, handed out last in, first out.
///
/// Each index carries a generation that changes when it is given back, so that a reference kept
/// too long is told from the new holder of the index.
public struct FreeList: ~Copyable {
    // Invariants:
    //   0 <= freeCount <= capacity
    //   stack[0..<freeCount] are the free indices, each once
    //   generations[i] is odd while i is in use, even while it is free
    private var stack: FixedArray<UInt32>
    private var generations: FixedArray<UInt32>
    private var freeCount: Int

    /// Makes a list of `capacity` free indices.
    public init(capacity: Int) {
        stack = FixedArray(repeating: 0, count: capacity)
        generations = FixedArray(repeating: 0, count: capacity)
        freeCount = capacity
        for index in 0..<capacity { stack[index] = UInt32(capacity - 1 - index) }
    }

    public var capacity: Int { stack.count }

    /// How many indices are in use.
    public var inUse: Int { stack.count - freeCount }

    /// Takes a free index, or `nil` when all are in use.
    public mutating func allocate() -> SlotID? {
        guard freeCount > 0 else { return nil }
        freeCount &-= 1
        let index = stack[freeCount]
        generations[Int(index)] &+= 1
        return SlotID(index: index, generation: generations[Int(index)])
    }

    /// Gives `slot` back; a slot that is no longer in use is left alone.
    public mutating func free(_ slot: SlotID) {
        guard contains(slot) else { return }
        generations[Int(slot.index)] &+= 1
        stack[freeCount] = slot.index
        freeCount &+= 1
    }

    /// Whether `slot` is in use by the holder it was given to.
    public func contains(_ slot: SlotID) -> Bool {
        Int(slot.index) < generations.count && slot.generation & 1 == 1
            && generations[Int(slot.index)] == slot.generation
    }

    /// The slot in use at `index`, or `nil` when the index is free.
    public func slot(at index: Int) -> SlotID? {
        guard index < generations.count, generations[index] & 1 == 1 else { return nil }
        return SlotID(index: UInt32(index), generation: generations[index])
    }
}

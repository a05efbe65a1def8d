/// A place in a table and which of its successive holders is meant.
@frozen
public struct SlotID: Hashable, Sendable, BitwiseCopyable {
    public let index: UInt32
    /// Odd for every slot that was ever handed out.
    public let generation: UInt32

    @inlinable
    public init(index: UInt32, generation: UInt32) {
        self.index = index
        self.generation = generation
    }

    /// A slot that no table holds.
    public static let none = SlotID(index: .max, generation: 0)
}

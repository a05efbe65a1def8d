internal import DNSWire

/// A hash of names that grows label by label from the root, keyed with a secret.
///
/// Multiply and fold, 64 bits at a time.
struct NameHash: BitwiseCopyable {
    /// The hash of the root.
    let root: UInt64
    private let multiplier: UInt64

    /// Takes two secret random numbers.
    init(_ first: UInt64, _ second: UInt64) {
        root = first
        // An even multiplier would lose bits.
        multiplier = second | 1
    }

    /// The hash of the name that `label`, with its length octet, makes of one hashed `state`.
    @inline(__always)
    func extend(_ state: UInt64, _ name: RawSpan, label: Range<Int>) -> UInt64 {
        var state = state
        var offset = label.lowerBound
        while offset < label.upperBound {
            let word = CaseFolding.loadWord(
                name, at: offset, available: label.upperBound &- offset)
            let product = (state ^ word).multipliedFullWidth(by: multiplier)
            state = product.high ^ product.low
            offset &+= 8
        }
        // A table keeps its slots in the order of hashes: names that differ in a few characters must
        // not stay together.
        state ^= state >> 32
        state = state &* 0x9e37_79b9_7f4a_7c15
        return state ^ state >> 32
    }
}

internal import DNSWire

/// How many answers left with each RCODE.
///
/// By the four bits of the header, in which an answer from upstream cannot be BADVERS.
public struct ResponseCounts: Sendable, BitwiseCopyable {
    private var counts = InlineArray<17, UInt64>(repeating: 0)

    init() {}

    /// Counts a whole answer.
    @inline(__always)
    mutating func add(_ reply: borrowing MutableRawSpan) {
        counts[Int(reply.octet(at: 3) & 15)] &+= 1
    }

    /// Counts one that we give ourselves.
    mutating func add(_ code: ResponseCode) {
        counts[min(Int(code.rawValue), 16)] &+= 1
    }

    /// The number of answers with this RCODE, 0 to 16.
    public subscript(code: Int) -> UInt64 { counts[code] }

    /// The RCODEs that are told apart.
    public static var codes: Range<Int> { 0..<17 }
}

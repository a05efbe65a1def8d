/// Outcome of a non-blocking transfer of bytes.
///
/// Neither a full buffer nor the end of a stream is an error.
@frozen
public enum Transfer: Equatable, Sendable {
    case bytes(Int)
    case endOfStream
    case wouldBlock
}

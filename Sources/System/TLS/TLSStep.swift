/// What a call on a session came to, and what it needs before it is made again.
///
/// Waiting is flow control, not failure, so it is a case here and not a thrown error.
public enum TLSStep: Equatable, Sendable {
    /// The call is complete; the number counts octets of plain text, zero where none are meant.
    case done(Int)
    /// Call again when the descriptor is readable.
    case wantsRead
    /// Call again when the descriptor is writable.
    case wantsWrite
    /// The peer has ended its side, with or without a close_notify.
    case closed
    /// The session is over; `TLSSession.failure` says why.
    case failed
}

/// Whether somebody reads a stream of frames.
public enum ReaderState: Equatable, Sendable {
    /// There is a reader, and it takes what we have.
    case reading
    /// There is none, and why; it is tried again every second.
    case absent(String)
}

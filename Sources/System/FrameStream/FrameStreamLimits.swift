internal import NetAddress

/// What a stream of frames may take; what is over it is dropped and counted.
enum FrameStreamLimits {
    /// Frames of one queue that wait to be written, the most that the library allows: its thread
    /// may miss that it is wanted, and sleeps for a second then.
    static let queuedFrames: UInt32 = 16_384
    /// Memory of all frames that wait, whatever their number: TCP messages have up to 64 KiB.
    static let queuedOctets = 4 << 20
    /// Octets that are gathered for one write.
    static let writeSize: UInt32 = 16_384
    /// Seconds that a frame waits for others, and between two attempts to reach the reader.
    static let pause: UInt32 = 1
    /// How long a reader may keep one write, or owe an answer, before it is given up.
    static let patience = Interval.seconds(5)
    /// How long it may keep a stream that ends, with all that waits; the process may wait for it.
    ///
    /// A wait in the kernel that has begun by then is a second more.
    static let lastPatience = Interval.seconds(2)
}

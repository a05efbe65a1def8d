internal import Synchronization

/// What has become of frames, counted by any thread; outlives the streams that it is about.
public final class FrameCounts: Sendable {
    /// A look at the counts.
    public struct Figures: Equatable, Sendable {
        /// Written to the reader.
        public var sent: UInt64 = 0
        /// Dropped because too many were waiting already.
        public var overflowed: UInt64 = 0
        /// Dropped because there was no reader to write them to.
        public var unread: UInt64 = 0
        /// Readers that took what there was when it was last written.
        public var readers: UInt64 = 0

        public init() {}
    }

    private let sent = Atomic<UInt64>(0)
    private let overflowed = Atomic<UInt64>(0)
    private let unread = Atomic<UInt64>(0)
    /// Not more than one but while a stream takes the place of another.
    private let readers = Atomic<UInt64>(0)
    /// Memory of the frames that wait.
    private let waiting = Atomic<Int>(0)

    public init() {}

    public var figures: Figures {
        var figures = Figures()
        figures.sent = sent.load(ordering: .relaxed)
        figures.overflowed = overflowed.load(ordering: .relaxed)
        figures.unread = unread.load(ordering: .relaxed)
        figures.readers = readers.load(ordering: .relaxed)
        return figures
    }

    /// Takes room for a frame of `size` octets; false when there is none.
    ///
    /// Orders what was written to the frame before what `seen` and `freed` are followed by.
    func reserve(_ size: Int) -> Bool {
        let total = waiting.wrappingAdd(size, ordering: .acquiringAndReleasing).newValue
        guard total > FrameStreamLimits.queuedOctets else { return true }
        waiting.wrappingSubtract(size, ordering: .relaxed)
        return false
    }

    /// Gives the room of a frame back that found no place in its queue.
    func refused(_ size: Int) {
        waiting.wrappingSubtract(size, ordering: .relaxed)
    }

    func foundReader() {
        readers.wrappingAdd(1, ordering: .relaxed)
    }

    func lostReader() {
        readers.wrappingSubtract(1, ordering: .relaxed)
    }

    func countOverflow() {
        overflowed.wrappingAdd(1, ordering: .relaxed)
    }

    /// Says that frames are about to be read by another thread.
    func seen() {
        _ = waiting.load(ordering: .acquiring)
    }

    /// Gives the room of a frame back that was written, or never will be.
    func freed(_ size: Int, wasSent: Bool) {
        waiting.wrappingSubtract(size, ordering: .acquiringAndReleasing)
        if wasSent {
            sent.wrappingAdd(1, ordering: .relaxed)
        } else {
            unread.wrappingAdd(1, ordering: .relaxed)
        }
    }
}

internal import CFstrm
internal import Collections
internal import Glibc
internal import LinuxIO
internal import NetAddress
internal import Synchronization

/// The socket of a stream, as the library wants it: it opens, writes, reads and closes.
///
/// The library has a socket of its own, which a reader that hangs can hold for ever; here every
/// call is bounded. All of it happens in the library's thread, or once that has ended; only
/// `end` is called by others.
final class ReaderConnection: @unchecked Sendable {
    private enum Stage {
        case closed
        /// It was asked whether it takes what we have.
        case asked
        /// It has said something.
        case answered
        case reading
    }

    /// One wait in the kernel, after which it is looked whether there is still time.
    private static let step = Interval.seconds(1)
    /// What is sent at once: the kernel waits for room once for each 32 KiB.
    private static let piece = Int(FrameStreamLimits.writeSize)

    private let path: String
    private let counts: FrameCounts
    private let onChange: @Sendable (ReaderState) -> Void
    /// When all that is left must have been written, in microseconds; the distant future until the
    /// end begins.
    private let deadline = Atomic(Instant.distantFuture.microseconds)
    private var descriptor: FileDescriptor?
    private var stage = Stage.closed {
        didSet {
            if stage == .reading, oldValue != .reading { counts.foundReader() }
            if stage != .reading, oldValue == .reading { counts.lostReader() }
        }
    }
    private var told: ReaderState?
    private var lastWrite = Instant(microseconds: 0)
    /// Several frames as one write.
    private var gathered: [UInt8] = []

    init(path: String, counts: FrameCounts, onChange: @escaping @Sendable (ReaderState) -> Void) {
        self.path = path
        self.counts = counts
        self.onChange = onChange
    }

    deinit {
        if stage == .reading { counts.lostReader() }
    }

    /// Whether what was handed over last has gone to the reader.
    private var isReading: Bool { stage == .reading }

    private var lastInstant: Instant { Instant(microseconds: deadline.load(ordering: .relaxed)) }
    private var isEnding: Bool { lastInstant != .distantFuture }

    /// Whether what began at `start` has taken too long, or the stream that ends has.
    private func isOver(since start: Instant) -> Bool {
        let now = Clock.monotonic()
        return now - start >= FrameStreamLimits.patience || now >= lastInstant
    }

    /// Begins the end: from now on, all that is left to write and read together has bounded time.
    func end() {
        let last = Clock.monotonic() + FrameStreamLimits.lastPatience
        deadline.store(last.microseconds, ordering: .relaxed)
    }

    func open() -> Bool {
        // The library does not close what came to nothing before it began.
        if stage == .answered { tell(.absent("it takes something else")) }
        close()
        do throws(Errno) {
            descriptor = try LocalSocket.connect(path: path, patience: Self.step)
        } catch {
            tell(.absent("\(error)"))
            return false
        }
        stage = .asked
        return true
    }

    func close() {
        stage = .closed
        descriptor = nil
    }

    func write(_ vectors: UnsafeBufferPointer<iovec>) -> Bool {
        counts.seen()
        gathered.removeAll(keepingCapacity: true)
        for index in vectors.indices {
            let vector = unsafe vectors[index]
            unsafe gathered.append(
                contentsOf: UnsafeRawBufferPointer(start: vector.iov_base, count: vector.iov_len))
        }
        guard send(gathered) else { return false }
        lastWrite = Clock.monotonic()
        // What follows its answer is the beginning.
        if stage == .answered {
            stage = .reading
            tell(.reading)
        }
        return true
    }

    private func send(_ octets: [UInt8]) -> Bool {
        let start = Clock.monotonic()
        var done = 0
        do throws(Errno) {
            while done < octets.count {
                // However much it takes: at the end there may be hundreds of writes.
                guard !isOver(since: start) else { return lose("it does not read") }
                let end = min(done + Self.piece, octets.count)
                switch try descriptor?.send(octets.span.octets.extracting(done..<end)) {
                case .bytes(let count): done += count
                case .wouldBlock: continue
                case .endOfStream, nil: return false
                }
            }
        } catch {
            return lose("\(error)")
        }
        return true
    }

    func read(_ room: UnsafeMutableRawBufferPointer) -> Bool {
        var done = 0
        do throws(Errno) {
            while done < room.count {
                guard !isOver(since: lastWrite) else { return lose("it does not answer") }
                var rest = unsafe MutableRawSpan(
                    _unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: room[done...]))
                switch try descriptor?.receive(into: &rest) {
                case .bytes(let count): done += count
                case .endOfStream: return lose("it has closed the connection")
                case .wouldBlock: continue
                case nil: return false
                }
            }
        } catch {
            return lose("\(error)")
        }
        if stage == .asked { stage = .answered }
        return true
    }

    /// Takes note that the library is done with a frame.
    func free(_ frame: UnsafeMutableRawPointer) {
        let size = unsafe malloc_usable_size(frame)
        counts.freed(size, wasSent: isReading)
        unsafe Glibc.free(frame)
    }

    private func lose(_ reason: String) -> Bool {
        // At the end it only says good-bye, or does not.
        if !isEnding { tell(.absent(reason)) }
        close()
        return false
    }

    private func tell(_ state: ReaderState) {
        guard state != told else { return }
        told = state
        onChange(state)
    }
}

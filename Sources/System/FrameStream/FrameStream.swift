internal import CFstrm
internal import Glibc
internal import LinuxIO
internal import Synchronization

/// Frames on their way to a reader behind a Unix socket (Frame Streams), and the thread that writes
/// them.
///
/// Whoever has a frame never waits: one that finds no room or no reader is dropped and counted. The
/// thread is the library's, and so is the format; the socket is ours, see `ReaderConnection`.
@safe
public final class FrameStream: Sendable {
    // The library's: made here, used by all threads as its manual allows, ended once.
    nonisolated(unsafe) private let thread: OpaquePointer?
    nonisolated(unsafe) private let queues: [OpaquePointer]
    private let connection: ReaderConnection
    private let counts: FrameCounts
    private let hasEnded = Atomic(false)

    /// Begins to look for a reader of `contentType` at `path`, and to say by `onChange` how that
    /// goes.
    ///
    /// The thread inherits the caller's blocked signals.
    public init(
        path: String, contentType: String, queues count: Int, counts: FrameCounts,
        onChange: @escaping @Sendable (ReaderState) -> Void
    ) {
        self.counts = counts
        connection = ReaderConnection(path: path, counts: counts, onChange: onChange)
        var writer = unsafe Self.writer(contentType, connection)
        var options = unsafe fstrm_iothr_options_init()
        defer { unsafe fstrm_iothr_options_destroy(&options) }
        unsafe fstrm_iothr_options_set_num_input_queues(options, UInt32(count))
        unsafe fstrm_iothr_options_set_input_queue_size(options, FrameStreamLimits.queuedFrames)
        unsafe fstrm_iothr_options_set_queue_model(options, FSTRM_IOTHR_QUEUE_MODEL_SPSC)
        unsafe fstrm_iothr_options_set_buffer_hint(options, FrameStreamLimits.writeSize)
        unsafe fstrm_iothr_options_set_flush_timeout(options, FrameStreamLimits.pause)
        unsafe fstrm_iothr_options_set_reopen_interval(options, FrameStreamLimits.pause)
        let thread = unsafe fstrm_iothr_init(options, &writer)
        unsafe self.thread = unsafe thread
        unsafe queues = (0..<count).compactMap { _ in
            unsafe thread.flatMap { unsafe fstrm_iothr_get_input_queue($0) }
        }
    }

    deinit {
        guard !hasEnded.exchange(true, ordering: .relaxed) else { return }
        let ending = unsafe Ending(thread: thread, connection: connection)
        ending.connection.end()
        // The last to let go may be somebody who must not wait.
        if (try? Thread.start(name: "frames-end", body: { ending.finish() })) == nil {
            ending.finish()
        }
    }

    /// Writes what waits and ends; a slow reader makes that take up to three seconds.
    ///
    /// What it has not taken by then is dropped and counted. Nobody may submit anything meanwhile
    /// or later.
    public func close() {
        guard !hasEnded.exchange(true, ordering: .relaxed) else { return }
        connection.end()
        unsafe Ending(thread: thread, connection: connection).finish()
    }

    /// Takes a frame, which is memory of `malloc` and freed here.
    ///
    /// Each queue belongs to one thread.
    @inline(never)
    public func submit(_ frame: UnsafeMutableRawPointer, count: Int, queue: Int) {
        let size = unsafe malloc_usable_size(frame)
        guard unsafe queue < queues.count, counts.reserve(size) else {
            counts.countOverflow()
            return unsafe free(frame)
        }
        let outcome = unsafe fstrm_iothr_submit(
            thread, queues[queue], frame, count, freeFrame, connection.opaque)
        guard outcome != fstrm_res_success else { return }
        counts.refused(size)
        counts.countOverflow()
        unsafe free(frame)
    }

    private static func writer(
        _ contentType: String, _ connection: ReaderConnection
    ) -> OpaquePointer? {
        var transport = unsafe fstrm_rdwr_init(connection.opaque)
        unsafe fstrm_rdwr_set_open(transport, openConnection)
        unsafe fstrm_rdwr_set_close(transport, closeConnection)
        unsafe fstrm_rdwr_set_write(transport, writeConnection)
        unsafe fstrm_rdwr_set_read(transport, readConnection)
        var options = unsafe fstrm_writer_options_init()
        defer { unsafe fstrm_writer_options_destroy(&options) }
        let name = Array(contentType.utf8)
        unsafe fstrm_writer_options_add_content_type(options, name, name.count)
        return unsafe fstrm_writer_init(options, &transport)
    }
}

/// What is left to do for a stream that nobody uses any more.
@safe
private struct Ending: @unchecked Sendable {
    let thread: OpaquePointer?
    /// Kept until the library is done with it.
    let connection: ReaderConnection

    func finish() {
        var thread = unsafe thread
        unsafe fstrm_iothr_destroy(&thread)
        withExtendedLifetime(connection) {}
    }
}

extension ReaderConnection {
    /// The connection as the library passes it around; the stream keeps it alive.
    fileprivate var opaque: UnsafeMutableRawPointer {
        unsafe Unmanaged.passUnretained(self).toOpaque()
    }

    fileprivate static func from(_ pointer: UnsafeMutableRawPointer) -> ReaderConnection {
        unsafe Unmanaged.fromOpaque(pointer).takeUnretainedValue()
    }
}

private func openConnection(_ object: UnsafeMutableRawPointer?) -> fstrm_res {
    guard let object = unsafe object else { return fstrm_res_failure }
    return unsafe ReaderConnection.from(object).open() ? fstrm_res_success : fstrm_res_failure
}

private func closeConnection(_ object: UnsafeMutableRawPointer?) -> fstrm_res {
    guard let object = unsafe object else { return fstrm_res_failure }
    unsafe ReaderConnection.from(object).close()
    return fstrm_res_success
}

private func writeConnection(
    _ object: UnsafeMutableRawPointer?, _ vectors: UnsafePointer<iovec>?, _ count: CInt
) -> fstrm_res {
    guard let object = unsafe object, count >= 0 else { return fstrm_res_failure }
    let all = unsafe UnsafeBufferPointer(start: vectors, count: Int(count))
    return unsafe ReaderConnection.from(object).write(all) ? fstrm_res_success : fstrm_res_failure
}

private func readConnection(
    _ object: UnsafeMutableRawPointer?, _ room: UnsafeMutableRawPointer?, _ count: Int
) -> fstrm_res {
    guard let object = unsafe object else { return fstrm_res_failure }
    let all = unsafe UnsafeMutableRawBufferPointer(start: room, count: count)
    return unsafe ReaderConnection.from(object).read(all) ? fstrm_res_success : fstrm_res_failure
}

private func freeFrame(
    _ frame: UnsafeMutableRawPointer?, _ object: UnsafeMutableRawPointer?
) {
    guard let frame = unsafe frame, let object = unsafe object else { return }
    unsafe ReaderConnection.from(object).free(frame)
}

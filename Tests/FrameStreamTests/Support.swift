import Glibc
import NetAddress
import TestServers

@testable import FrameStream

/// A place for a reader, and what a stream to it has said.
final class Rig: Sendable {
    static let type = "protobuf:dnstap.Dnstap"

    let folder: TemporaryFolder
    let socket: String
    let counts = FrameCounts()
    let states = Guarded<[ReaderState]>([])

    init() throws {
        folder = try TemporaryFolder()
        socket = try FrameCapture.socket(in: folder)
    }

    func capture() throws -> FrameCapture {
        try FrameCapture(of: Self.type, at: socket, in: folder)
    }

    func stream() -> FrameStream {
        FrameStream(path: socket, contentType: Self.type, queues: 1, counts: counts) {
            [states] state in
            states.withLock { $0.append(state) }
        }
    }

    /// Waits until the figures are as wanted.
    func wait(until condition: (FrameCounts.Figures) -> Bool) -> Bool {
        let deadline = Instant.now + .seconds(10)
        while Instant.now < deadline {
            if condition(counts.figures) { return true }
            usleep(5000)
        }
        return condition(counts.figures)
    }
}

extension FrameStream {
    func submit(_ text: String) {
        let count = text.utf8.count
        guard let frame = malloc(count) else { return }
        frame.copyMemory(from: Array(text.utf8), byteCount: count)
        submit(frame, count: count, queue: 0)
    }
}

/// Runs `body` in a thread of its own: tests have few, and one that waits would hold up others.
func aside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        do {
            try BackgroundThread.start { continuation.resume(with: Result { try body() }) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}

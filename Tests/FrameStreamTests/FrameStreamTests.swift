import Glibc
import LinuxIO
import NetAddress
import TestServers
import Testing

@testable import FrameStream

/// The stream against Debian's reader, and against sockets that are none.
@Suite struct FrameStreamTests {
    @Test func framesArriveOnceAndInOrder() async throws {
        let (frames, figures, states) = try await aside {
            let rig = try Rig()
            let capture = try rig.capture()
            let stream = rig.stream()
            for number in 0..<1000 { stream.submit("frame \(number)") }
            stream.close()
            return (try capture.frames(), rig.counts.figures, rig.states.withLock { $0 })
        }
        #expect(frames == (0..<1000).map { Array("frame \($0)".utf8) })
        #expect(figures.sent == 1000 && figures.unread == 0 && figures.overflowed == 0)
        #expect(states == [.reading])
    }

    @Test func aReaderThatComesLaterIsFound() async throws {
        let (readers, frames, figures, states) = try await aside {
            let rig = try Rig()
            let stream = rig.stream()
            stream.submit("nobody")
            _ = rig.wait { $0.unread == 1 }
            let capture = try rig.capture()
            var readers = [rig.counts.figures.readers]
            let isFound = rig.states.wait(atMost: .seconds(10)) { $0.last == .reading }
            readers.append(rig.counts.figures.readers)
            stream.submit("somebody")
            stream.close()
            readers.append(rig.counts.figures.readers)
            let frames = try isFound ? capture.frames() : []
            return (readers, frames, rig.counts.figures, rig.states.withLock { $0 })
        }
        #expect(frames == [Array("somebody".utf8)])
        #expect(figures.sent == 1 && figures.unread == 1)
        #expect(readers == [0, 1, 0], "before there is one, then, and when the stream has ended")
        #expect(states.first == .absent("\(Errno.noSuchFile)"))
    }

    @Test func aReaderThatGoesIsMissedAndTheNextOneFound() async throws {
        let (first, second, missed, states) = try await aside {
            let rig = try Rig()
            let old = try rig.capture()
            let stream = rig.stream()
            stream.submit("old")
            _ = rig.wait { $0.sent == 1 }
            let first = try old.frames()
            // It is noticed by what cannot be written.
            stream.submit("lost")
            _ = rig.wait { $0.unread == 1 }
            let missed = rig.wait { $0.readers == 0 }
            let new = try rig.capture()
            _ = rig.states.wait(atMost: .seconds(10)) { $0.last == .reading && $0.count > 1 }
            stream.submit("new")
            stream.close()
            return (first, try new.frames(), missed, rig.states.withLock { $0 })
        }
        #expect(first == [Array("old".utf8)])
        #expect(second == [Array("new".utf8)])
        #expect(missed)
        #expect(states.first == .reading && states.last == .reading)
        #expect(states.contains(.absent("\(Errno.brokenPipe)")))
    }

    @Test func aReaderOfSomethingElseIsNone() async throws {
        let states = try await aside {
            let rig = try Rig()
            let capture = try FrameCapture(of: "text", at: rig.socket, in: rig.folder)
            let stream = rig.stream()
            _ = rig.states.wait(atMost: .seconds(10)) { !$0.isEmpty }
            stream.close()
            capture.end()
            return rig.states.withLock { $0 }
        }
        guard case .absent = states.first else {
            Issue.record("\(states)")
            return
        }
    }

    /// A socket that takes connections and says nothing.
    @Test func nobodyWaitsForAReaderThatHangs() async throws {
        let (busy, ending, figures) = try await aside {
            let rig = try Rig()
            let silent = try LocalSocket.listen(path: rig.socket, mode: 0o600, backlog: 4)
            let stream = rig.stream()
            let start = Instant.now
            for number in 0..<30_000 { stream.submit("frame \(number)") }
            let busy = Instant.now - start
            stream.close()
            let ending = Instant.now - start
            withExtendedLifetime(silent) {}
            return (busy, ending, rig.counts.figures)
        }
        #expect(busy < .seconds(1))
        #expect(ending < .seconds(4))
        #expect(figures.sent == 0)
        #expect(figures.overflowed >= 30_000 - UInt64(FrameStreamLimits.queuedFrames))
        #expect(figures.overflowed + figures.unread == 30_000)
    }

    /// All that waits would take it twenty seconds.
    @Test func nobodyWaitsForAReaderThatTakesALittleAtATime() async throws {
        let (ending, figures) = try await aside {
            let rig = try Rig()
            try SlowReader.start(at: rig.socket)
            let stream = rig.stream()
            _ = rig.states.wait(atMost: .seconds(10)) { $0 == [.reading] }
            let frame = String(repeating: "x", count: 1000)
            for _ in 0..<4000 { stream.submit(frame) }
            let start = Instant.now
            stream.close()
            return (Instant.now - start, rig.counts.figures)
        }
        #expect(ending < .seconds(4))
        #expect(figures.sent > 0 && figures.unread > 0)
        #expect(figures.sent + figures.overflowed + figures.unread == 4000)
    }

    @Test func longFramesTakeNoMoreMemoryThanShortOnes() async throws {
        let figures = try await aside {
            let rig = try Rig()
            let silent = try LocalSocket.listen(path: rig.socket, mode: 0o600, backlog: 4)
            let stream = rig.stream()
            let long = String(repeating: "x", count: 65_535)
            for _ in 0..<1000 { stream.submit(long) }
            stream.close()
            withExtendedLifetime(silent) {}
            return rig.counts.figures
        }
        #expect(figures.unread <= UInt64(FrameStreamLimits.queuedOctets / 65_535))
        #expect(figures.unread > 0)
        #expect(figures.overflowed + figures.unread == 1000)
    }

    @Test func lettingGoOfItEndsItWithoutWaiting() async throws {
        let (frames, waited) = try await aside {
            let rig = try Rig()
            let capture = try rig.capture()
            var stream: FrameStream? = rig.stream()
            _ = rig.states.wait(atMost: .seconds(10)) { $0 == [.reading] }
            stream?.submit("last")
            let start = Instant.now
            stream = nil
            let waited = Instant.now - start
            _ = rig.wait { $0.sent == 1 }
            return (try capture.frames(), waited)
        }
        #expect(frames == [Array("last".utf8)])
        #expect(waited < .milliseconds(500))
    }
}

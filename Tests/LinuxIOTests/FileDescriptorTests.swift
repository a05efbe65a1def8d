import Glibc
import LinuxIO
import Testing

@Suite struct FileDescriptorTests {
    @Test func carriesBytesAndTellsWhenThereAreNone() throws {
        let pair = try StreamPair()
        #expect(try pair.second.readBytes().transfer == .wouldBlock)
        #expect(try pair.first.sendBytes([1, 2, 3]) == .bytes(3))
        #expect(try pair.second.readBytes().bytes == [1, 2, 3])
        #expect(try pair.second.readBytes().transfer == .wouldBlock)
    }

    @Test func readsNoMoreThanThereIsRoomFor() throws {
        let pair = try StreamPair()
        _ = try pair.first.sendBytes([1, 2, 3])
        #expect(try pair.second.readBytes(limit: 2).bytes == [1, 2])
        #expect(try pair.second.readBytes(limit: 2).bytes == [3])
    }

    @Test func anEmptyBufferIsNotTheEndOfTheStream() throws {
        let pair = try StreamPair()
        #expect(try pair.second.readBytes(limit: 0).transfer == .bytes(0))
        var nothing = MutableRawSpan()
        #expect(try pair.second.read(into: &nothing) == .bytes(0))
    }

    @Test func takesAPartWhenTheBufferIsNearlyFull() throws {
        let pipe = try Pipe()
        let large = [UInt8](repeating: 7, count: 1 << 20)
        // A pipe holds 64 KiB unless told otherwise.
        guard case .bytes(let count) = try pipe.input.write(large.span.bytes) else {
            Issue.record("nothing written")
            return
        }
        #expect(count > 0 && count < large.count)
        #expect(try pipe.input.write(large.span.bytes) == .wouldBlock)
    }

    @Test func closesWhenDropped() throws {
        let pair = try StreamPair()
        let reader = consume pair
        try expectEndOfStream(after: reader)
    }

    private func expectEndOfStream(after pair: consuming StreamPair) throws {
        let copy = dup(pair.second.raw)
        let second = FileDescriptor(owning: copy)
        _ = fcntl(copy, F_SETFL, O_NONBLOCK)
        #expect(try second.readBytes().transfer == .wouldBlock)
        drop(pair)
        #expect(try second.readBytes().transfer == .endOfStream)
    }

    private func drop(_ pair: consuming StreamPair) {}

    @Test func releaseLeavesTheDescriptorOpen() throws {
        let number = open("/dev/null", O_WRONLY)
        let raw = FileDescriptor(owning: number).release()
        #expect(raw == number)
        #expect(fcntl(raw, F_GETFD) >= 0)
        #expect(close(raw) == 0)
    }

    @Test func closingWhatIsClosedEndsTheProcess() async {
        await #expect(processExitsWith: .failure) {
            _ = FileDescriptor(owning: 1000)
        }
    }

    @Test func aLostPeerIsAnErrorAndNotASignal() throws {
        var numbers: [CInt] = [-1, -1]
        #expect(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &numbers) == 0)
        let first = FileDescriptor(owning: numbers[0])
        #expect(close(numbers[1]) == 0)
        #expect(throws: Errno.brokenPipe) { try first.sendBytes([1]) }
    }

    @Test func readsAndWritesPipes() throws {
        let pipe = try Pipe()
        let sent: [UInt8] = [5, 6]
        #expect(try pipe.input.write(sent.span.bytes) == .bytes(2))
        var room = [UInt8](repeating: 0, count: 8)
        var span = room.mutableSpan
        var raw = span.mutableBytes
        #expect(try pipe.output.read(into: &raw) == .bytes(2))
        #expect(try pipe.output.read(into: &raw) == .wouldBlock)
        #expect(Array(room[..<2]) == sent)
    }
}

import Glibc
import Testing

@testable import LinuxIO

@Suite struct StderrTests {
    private func contents(_ pipe: borrowing Pipe) throws -> String {
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = read(pipe.output.raw, &bytes, bytes.count)
        guard count >= 0 else { throw Errno(errno) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    @Test func writesOneLine() throws {
        let pipe = try Pipe()
        #expect(Stderr.write("<4>first\nsecond", to: pipe.input.raw))
        #expect(try contents(pipe) == "<4>first second\n")
    }

    @Test func cutsALongLineToWhatAPipeTakesAtOnce() throws {
        let pipe = try Pipe()
        #expect(Stderr.write(String(repeating: "x", count: 10_000), to: pipe.input.raw))
        let line = try contents(pipe)
        #expect(line.utf8.count == 4096)
        #expect(line.hasSuffix("x\n"))
    }

    @Test func losesALineRatherThanWaitOnAFullPipe() throws {
        let pipe = try Pipe()
        let filling = [UInt8](repeating: 0, count: 4096)
        while try pipe.input.write(filling.span.bytes) != .wouldBlock {}
        // From here on, a write that does not look first would wait for ever.
        #expect(fcntl(pipe.input.raw, F_SETFL, 0) == 0)
        #expect(!Stderr.write("lost", to: pipe.input.raw))
        _ = try contents(pipe)
        #expect(Stderr.write("kept", to: pipe.input.raw))
    }

    @Test func aPipeThatNobodyReadsIsNoSignal() throws {
        var numbers: [CInt] = [-1, -1]
        #expect(pipe(&numbers) == 0)
        #expect(close(numbers[0]) == 0)
        #expect(!Stderr.write("lost", to: numbers[1]))
        #expect(close(numbers[1]) == 0)
        #expect(!Stderr.write("lost", to: -1))
    }
}

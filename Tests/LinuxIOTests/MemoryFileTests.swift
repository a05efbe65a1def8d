import Glibc
import Testing

@testable import LinuxIO

@Suite struct MemoryFileTests {
    private func contents(_ file: MappedFile) -> [UInt8] {
        let octets = file.octets()
        return (0..<octets.byteCount).map {
            octets.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
        }
    }

    @Test func isReadAsItWasWrittenAndNeverChanges() throws {
        let file = try MemoryFile.make(name: "test")
        let octets = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try file.writeAll(octets.span.bytes)
        let isOpen = !MemoryFile.isSealed(file)
        #expect(isOpen)
        try MemoryFile.seal(file)
        let isSealed = MemoryFile.isSealed(file)
        #expect(isSealed)
        #expect(write(file.raw, octets, 1) == -1 && errno == EPERM)
        #expect(ftruncate(file.raw, 1) == -1 && ftruncate(file.raw, 1 << 20) == -1)
        let mapped = try MappedFile(file, limit: octets.count)
        #expect(contents(mapped) == octets)
        #expect(throws: Errno.fileTooLarge) { try MappedFile(file, limit: octets.count - 1) }
    }

    @Test func onlyTheSealedIsMapped() throws {
        let file = try MemoryFile.make(name: "test")
        try file.writeAll([1, 2, 3].span.bytes)
        #expect(throws: Errno.notPermitted) { try MappedFile(file, limit: 10) }
        let pipe = try Pipe()
        #expect(throws: Errno.notPermitted) { try MappedFile(pipe.output, limit: 10) }
        let empty = try MemoryFile.make(name: "test")
        try MemoryFile.seal(empty)
        #expect(throws: Errno.invalidArgument) { try MappedFile(empty, limit: 10) }
    }

    @Test func copiesWhatIsNotTooLong() throws {
        let octets = [UInt8](repeating: 5, count: 200_000)
        let source = try MemoryFile.make(name: "source")
        try source.writeAll(octets.span.bytes)
        lseek(source.raw, 0, SEEK_SET)
        let copy = try MemoryFile.copy(source, name: "copy", limit: octets.count)
        #expect(try contents(MappedFile(copy, limit: octets.count)) == octets)
        lseek(source.raw, 0, SEEK_SET)
        #expect(throws: Errno.fileTooLarge) {
            _ = try MemoryFile.copy(source, name: "copy", limit: octets.count - 1)
        }
    }
}

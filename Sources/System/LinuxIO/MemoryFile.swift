internal import CLinux
internal import Collections
internal import Glibc

/// A file in memory that can be passed on, and sealed so that nobody can change it afterwards.
public enum MemoryFile {
    /// Makes an empty one; the name is for those who look into `/proc`.
    @inline(never)
    public static func make(name: String) throws(Errno) -> FileDescriptor {
        let fd = unsafe clinux_memfd(name)
        guard fd >= 0 else { throw Errno.last }
        return FileDescriptor(owning: fd)
    }

    /// Seals it: from now on it can only be read.
    @inline(never)
    public static func seal(_ file: borrowing FileDescriptor) throws(Errno) {
        guard clinux_seal(file.raw) == 0 else { throw Errno.last }
    }

    /// Whether this is a sealed file in memory.
    public static func isSealed(_ file: borrowing FileDescriptor) -> Bool {
        clinux_is_sealed(file.raw) == 1
    }

    /// Copies all of `source` into a sealed file in memory; more than `limit` octets is `EFBIG`.
    public static func copy(
        _ source: borrowing FileDescriptor, name: String, limit: Int
    ) throws(Errno) -> FileDescriptor {
        let file = try make(name: name)
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        var total = 0
        while true {
            var span = buffer.mutableSpan
            var room = span.mutableOctets
            switch try source.read(into: &room) {
            case .bytes(let count):
                total += count
                guard total <= limit else { throw .fileTooLarge }
                try file.writeAll(buffer.span.octets.extracting(0..<count))
            case .endOfStream:
                try seal(file)
                return file
            case .wouldBlock: throw .wouldBlock
            }
        }
    }
}

extension FileDescriptor {
    /// Writes all of `bytes` to a file.
    public borrowing func writeAll(_ bytes: RawSpan) throws(Errno) {
        var done = 0
        while done < bytes.byteCount {
            switch try write(bytes.extracting(done..<bytes.byteCount)) {
            case .bytes(let count) where count > 0: done += count
            case .bytes, .endOfStream, .wouldBlock: throw Errno(ENOSPC)
            }
        }
    }
}

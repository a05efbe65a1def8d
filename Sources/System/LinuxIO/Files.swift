internal import Collections
internal import Glibc

/// The contents of a file of at most `limit` octets; a longer one is `EFBIG`.
@inline(never)
public func readFile(path: String, limit: Int) throws(Errno) -> [UInt8] {
    let fd = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { throw Errno.last }
    let file = FileDescriptor(owning: fd)
    // One octet more than allowed, so that a file that is too long is seen to be.
    var contents = [UInt8](repeating: 0, count: min(limit, 4096) + 1)
    var count = 0
    while true {
        var span = contents.mutableSpan
        var room = span.mutableOctets
        var rest = room._mutatingExtracting(count...)
        switch try file.read(into: &rest) {
        case .bytes(let more): count += more
        case .endOfStream: return Array(contents[..<count])
        case .wouldBlock: throw Errno.wouldBlock
        }
        if count > limit { throw .fileTooLarge }
        if count == contents.count {
            contents += [UInt8](repeating: 0, count: min(count, limit + 1 - count))
        }
    }
}

/// Hands out the contents of a file piece by piece; one of more than `limit` octets is `EFBIG`
/// after so many.
@inline(never)
public func readFile(
    path: String, limit: Int, inPieces body: (ArraySlice<UInt8>) -> Void
) throws(Errno) {
    // A pipe that nobody writes to must not be waited for.
    let fd = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard fd >= 0 else { throw Errno.last }
    let file = FileDescriptor(owning: fd)
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    var total = 0
    while true {
        var span = buffer.mutableSpan
        var room = span.mutableOctets
        switch try file.read(into: &room) {
        case .bytes(let count):
            total += count
            guard total <= limit else { throw .fileTooLarge }
            body(buffer[..<count])
        case .endOfStream: return
        case .wouldBlock: throw Errno.wouldBlock
        }
    }
}

/// The names in a directory that end in `suffix`, in the order of their octets.
///
/// Hidden files are left out, as everywhere in `*.conf.d` directories.
@inline(never)
public func listDirectory(path: String, suffix: String) throws(Errno) -> [String] {
    guard let directory = unsafe opendir(path) else { throw Errno.last }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while true {
        errno = 0
        guard let entry = unsafe readdir(directory) else {
            guard errno == 0 else { throw Errno.last }
            break
        }
        let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { characters in
            // The kernel ends every name with a zero.
            unsafe String(cString: UnsafeRawPointer(characters).assumingMemoryBound(to: CChar.self))
        }
        if name.hasSuffix(suffix), !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

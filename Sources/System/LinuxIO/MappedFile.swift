internal import Glibc

/// The contents of a sealed file in memory, read where they are.
///
/// Nothing else may be mapped: of a file that shrinks, the octets that went are a `SIGBUS`.
@safe
public final class MappedFile: Sendable {
    // Safe to share: nobody can write to it, and it is there for as long as its owner.
    nonisolated(unsafe) private let storage: UnsafeRawPointer
    private let byteCount: Int

    /// Maps a sealed file; anything else is `EPERM`, more than `limit` octets is `EFBIG`.
    @inline(never)
    public init(_ file: borrowing FileDescriptor, limit: Int) throws(Errno) {
        guard MemoryFile.isSealed(file) else { throw .notPermitted }
        var status = stat()
        guard unsafe fstat(file.raw, &status) == 0 else { throw Errno.last }
        let size = Int(status.st_size)
        guard size <= limit else { throw .fileTooLarge }
        guard size > 0 else { throw .invalidArgument }
        guard let address = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, file.raw, 0),
            unsafe address != MAP_FAILED
        else { throw Errno.last }
        unsafe storage = UnsafeRawPointer(address)
        byteCount = size
    }

    deinit {
        unsafe munmap(UnsafeMutableRawPointer(mutating: storage), byteCount)
    }

    /// The contents.
    @_lifetime(borrow self)
    public func octets() -> RawSpan {
        // The mapping is as long as the file, which is sealed, and outlives the span.
        let bytes = unsafe UnsafeRawBufferPointer(start: storage, count: byteCount)
        return unsafe _overrideLifetime(bytes.bytes, borrowing: self)
    }
}

internal import CLinux
internal import Collections
internal import Glibc

/// Tells when something may have happened to files (inotify(7)).
///
/// What has happened is for `FileSignature` to tell: a file is written, replaced, linked to and
/// removed in many ways, and all that matters is whether there is another one in the end.
public struct FileWatcher: ~Copyable {
    private let descriptor: FileDescriptor

    @inline(never)
    public init() throws(Errno) {
        let fd = clinux_inotify()
        guard fd >= 0 else { throw Errno.last }
        descriptor = FileDescriptor(owning: fd)
    }

    /// The number to watch for readability.
    public var raw: CInt { descriptor.raw }

    /// Watches the file at `path`, which may not be there yet, and the folder that it is in.
    ///
    /// To be called again when something has happened: there may be another file by then. Only a
    /// folder that cannot be watched is an error.
    @inline(never)
    public borrowing func watch(_ path: String) throws(Errno) {
        // A mounted file and the target of a link are not seen through the folder.
        _ = unsafe clinux_inotify_watch(descriptor.raw, path)
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[..<$0] } ?? ""
        guard
            unsafe clinux_inotify_watch(descriptor.raw, folder.isEmpty ? "/" : String(folder)) >= 0
        else { throw Errno.last }
    }

    /// Takes what has been told; whether anything was.
    @inline(never)
    public borrowing func drain() -> Bool {
        var hasHappened = false
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            var span = buffer.mutableSpan
            var room = span.mutableOctets
            guard case .bytes = try? descriptor.read(into: &room) else { return hasHappened }
            hasHappened = true
        }
    }
}

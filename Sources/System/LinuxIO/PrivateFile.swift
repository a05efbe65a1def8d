internal import Glibc

/// A file that nobody but this user may read or write, replaced as a whole or not at all.
public enum PrivateFile {
    private static let mode: mode_t = 0o600

    /// Opens a file to read; one that others could have written or read is `EPERM`.
    ///
    /// A symbolic link in the last place of the path is not followed.
    @inline(never)
    public static func open(path: String) throws(Errno) -> FileDescriptor {
        // Without O_NONBLOCK a pipe of that name would be waited for.
        let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
        let fd = unsafe Glibc.open(path, flags)
        guard fd >= 0 else { throw Errno.last }
        let file = FileDescriptor(owning: fd)
        var status = stat()
        guard unsafe fstat(fd, &status) == 0 else { throw Errno.last }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            status.st_mode & 0o077 == 0
        else { throw .notPermitted }
        return file
    }

    /// Replaces the file by what `fill` writes, or leaves it as it was.
    public static func replace(
        path: String, fill: (borrowing FileDescriptor) throws(Errno) -> Void
    ) throws(Errno) {
        let draft = path + ".new"
        do throws(Errno) {
            try write(draft, fill: fill)
            guard unsafe rename(draft, path) == 0 else { throw Errno.last }
        } catch {
            _ = unsafe unlink(draft)
            throw error
        }
    }

    /// Removes a file, if there is one.
    public static func remove(path: String) {
        _ = unsafe unlink(path)
    }

    @inline(never)
    private static func write(
        _ path: String, fill: (borrowing FileDescriptor) throws(Errno) -> Void
    ) throws(Errno) {
        // What an earlier attempt has left, or somebody has put there.
        _ = unsafe unlink(path)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
        let fd = unsafe Glibc.open(path, flags, mode)
        guard fd >= 0 else { throw Errno.last }
        let file = FileDescriptor(owning: fd)
        try fill(file)
        // Otherwise a crash of the machine could leave the new name without the contents.
        guard fsync(file.raw) == 0 else { throw Errno.last }
    }
}

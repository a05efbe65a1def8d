internal import CLinux
internal import Glibc

/// What tells one state of a file from another without reading it.
public struct FileSignature: Equatable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let byteCount: Int64
    private let seconds: Int64
    private let nanoseconds: Int64

    /// How long a file must have been left alone for its time to tell it apart: the clock that it
    /// comes from moves in steps.
    private static let settling: Int64 = 2

    /// Whether it was last written so long before `time`, in seconds, that another writing would
    /// show.
    public func isSettled(at time: Int64) -> Bool { time - seconds > Self.settling }
}

extension FileSignature {
    /// Looks at the file at `path`, links followed; `nil` when there is none to look at.
    @inline(never)
    public init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        byteCount = Int64(status.st_size)
        seconds = Int64(status.st_mtim.tv_sec)
        nanoseconds = Int64(status.st_mtim.tv_nsec)
    }
}

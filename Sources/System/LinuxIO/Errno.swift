internal import CLinux
internal import Glibc

/// An `errno` value.
@frozen
public struct Errno: Error, Hashable, Sendable {
    public let code: CInt

    public init(_ code: CInt) {
        self.code = code
    }

    /// The calling thread's `errno`.
    ///
    /// Read it straight after the call that set it: anything that allocates or releases may
    /// change it.
    static var last: Errno { Errno(Glibc.errno) }

    public static let interrupted = Errno(EINTR)
    public static let wouldBlock = Errno(EAGAIN)
    public static let inProgress = Errno(EINPROGRESS)
    public static let invalidArgument = Errno(EINVAL)
    public static let badDescriptor = Errno(EBADF)
    public static let noSuchFile = Errno(ENOENT)
    public static let permissionDenied = Errno(EACCES)
    public static let notPermitted = Errno(EPERM)
    public static let fileTooLarge = Errno(EFBIG)
    public static let outOfMemory = Errno(ENOMEM)
    public static let noBufferSpace = Errno(ENOBUFS)
    public static let tooManyOpenFiles = Errno(EMFILE)
    public static let tooManyOpenFilesInSystem = Errno(ENFILE)
    public static let brokenPipe = Errno(EPIPE)
    public static let addressInUse = Errno(EADDRINUSE)
    public static let connectionRefused = Errno(ECONNREFUSED)
    public static let connectionReset = Errno(ECONNRESET)
    public static let timedOut = Errno(ETIMEDOUT)

    /// Whether the process or the machine has run out of something that time may bring back.
    ///
    /// The caller should pause before it tries again: trying at once would only spin.
    public var isShortage: Bool {
        switch self {
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .outOfMemory, .noBufferSpace: true
        default: false
        }
    }
}

extension Errno: CustomStringConvertible {
    /// Words and name: `Connection refused (ECONNREFUSED)`.
    public var description: String {
        // Both are static strings of the C library, or null.
        guard let text = unsafe clinux_error_text(code), let name = unsafe clinux_error_name(code)
        else { return "error \(code)" }
        return unsafe "\(String(cString: text)) (\(String(cString: name)))"
    }
}

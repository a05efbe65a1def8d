internal import CLinux
internal import Glibc

/// Tells when links, addresses or routes of the machine change (rtnetlink(7)).
public struct NetworkMonitor: ~Copyable {
    /// Messages read at a time; a burst of changes comes in many.
    private static let messages = 64

    private let descriptor: FileDescriptor

    @inline(never)
    public init() throws(Errno) {
        let fd = clinux_network_monitor()
        guard fd >= 0 else { throw Errno.last }
        descriptor = FileDescriptor(owning: fd)
    }

    /// The number to watch for readability.
    public var raw: CInt { descriptor.raw }

    /// Takes what has been told; whether anything has changed.
    ///
    /// What exactly is not looked at: a change that does not matter costs a handshake, and one
    /// that was thought not to matter would cost answers. Lost messages count as a change.
    @inline(never)
    public borrowing func drain() -> Bool {
        var hasChanged = false
        for _ in 0..<Self.messages {
            var octet: UInt8 = 0
            // The rest of each message is cut off, which is what is wanted.
            let count = unsafe recv(descriptor.raw, &octet, 1, CInt(MSG_DONTWAIT))
            if count >= 0 {
                hasChanged = true
                continue
            }
            switch Errno.last {
            case .interrupted: continue
            case .noBufferSpace: hasChanged = true
            default: return hasChanged
            }
        }
        return hasChanged
    }
}

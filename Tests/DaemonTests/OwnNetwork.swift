import Glibc
import LinuxIO

/// A network of a thread's own, in which nothing happens that the test does not do.
enum OwnNetwork {
    /// `CLONE_NEWNET` of unshare(2), neither of which Glibc's module has.
    private static let newNetwork: CInt = 0x4000_0000

    /// Moves the calling thread, and whatever it starts from now on, into a network that has a
    /// loopback and no more; false where that is not allowed.
    static func enter() throws -> Bool {
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "unshare") else { return false }
        let unshare = unsafeBitCast(symbol, to: (@convention(c) (CInt) -> CInt).self)
        guard unshare(newNetwork) == 0 else {
            guard errno == EPERM else { throw Errno(errno) }
            return false
        }
        try raiseLoopback()
        return true
    }

    private static func raiseLoopback() throws {
        let socket = socket(AF_INET, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw Errno(errno) }
        defer { close(socket) }
        var link = ifreq()
        withUnsafeMutableBytes(of: &link.ifr_ifrn) { $0.copyBytes(from: Array("lo".utf8)) }
        guard ioctl(socket, UInt(SIOCGIFFLAGS), &link) == 0 else { throw Errno(errno) }
        link.ifr_ifru.ifru_flags |= CShort(IFF_UP)
        guard ioctl(socket, UInt(SIOCSIFFLAGS), &link) == 0 else { throw Errno(errno) }
    }
}

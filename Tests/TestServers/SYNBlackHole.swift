import Glibc
import NetAddress

/// A listening socket that takes no connection: the kernel drops every SYN because the queue of
/// accepted connections is full and nobody empties it.
public final class SYNBlackHole: Sendable {
    public let endpoint: Endpoint
    private let listener: Socket
    /// The connections that fill the queue.
    private let fillers: [Socket]

    /// Fills the queue until a connection attempt hangs.
    public init(
        address: IPAddress = IPAddress(v4: 0x7f00_0001), port: UInt16 = 0
    ) throws(SystemError) {
        listener = try Socket(address.family, SOCK_STREAM)
        try listener.bind(to: Endpoint(address: address, port: port))
        try SystemError.check(listen(listener.fd, 0), "listen")
        guard let local = listener.localEndpoint else {
            throw SystemError(call: "getsockname", code: errno)
        }
        endpoint = local
        var fillers: [Socket] = []
        // A queue of length 0 takes one; a few more are tried so that this never depends on it.
        for _ in 0..<8 {
            let filler = try Socket(address.family, SOCK_STREAM)
            try filler.connect(to: local)
            fillers.append(filler)
            // On the loopback interface a connection that is taken is taken within a millisecond.
            let ready = filler.wait(writing: true, until: .now + .milliseconds(100))
            if !ready.canWrite {
                self.fillers = fillers
                return
            }
        }
        throw SystemError(call: "the queue does not fill", code: EBUSY)
    }
}

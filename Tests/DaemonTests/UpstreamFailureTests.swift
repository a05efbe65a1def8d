import LinuxIO
import Testing

@testable import Daemon
@testable import TLS
@testable import Upstream
@testable import UpstreamTransport

@Suite struct UpstreamFailureTests {
    /// What ended a connection, what that means before it was up, and what after.
    static let meanings: [(TransportFailure, UpstreamFailure, UpstreamFailure)] = [
        (.system(.connectionRefused), .refused, .refused),
        (.system(.timedOut), .timedOut, .timedOut),
        (.system(.connectionReset), .closed, .closed),
        (.system(.brokenPipe), .closed, .closed),
        (.system(.noSuchFile), .unreachable, .unreachable),
        (.closed, .handshake, .closed),
        (.emptyFrame, .misbehaved, .misbehaved),
        (.outOfMemory, .unreachable, .unreachable),
        (.tls(TLSFailure(.verification(.selfSigned))), .verification, .verification),
        (.tls(TLSFailure(.version)), .handshake, .handshake),
        (.tls(TLSFailure(.applicationProtocol)), .handshake, .handshake),
        (.tls(TLSFailure(.reset)), .handshake, .closed),
        (.tls(TLSFailure(.alert(40))), .handshake, .closed),
    ]

    @Test(arguments: meanings)
    func means(_ row: (TransportFailure, UpstreamFailure, UpstreamFailure)) {
        #expect(UpstreamFailure(row.0, wasUp: false) == row.1)
        #expect(UpstreamFailure(row.0, wasUp: true) == row.2)
    }
}

import LinuxIO
import Testing

@testable import Daemon
@testable import TLS
@testable import Upstream
@testable import UpstreamTransport

@Suite struct UpstreamFailureTests {
    /// What ended a connection, and what that means at each stage of it.
    static let meanings: [(TransportFailure, [UpstreamFailure])] = [
        (.system(.connectionRefused), [.refused, .refused, .refused, .refused]),
        (.system(.timedOut), [.timedOut, .timedOut, .timedOut, .timedOut]),
        (.system(.connectionReset), [.cutOff, .cutOff, .handshake, .closed]),
        (.system(.brokenPipe), [.cutOff, .cutOff, .handshake, .closed]),
        (.system(.noSuchFile), [.unreachable, .unreachable, .unreachable, .unreachable]),
        (.closed, [.cutOff, .cutOff, .handshake, .closed]),
        (.emptyFrame, [.misbehaved, .misbehaved, .misbehaved, .misbehaved]),
        (.outOfMemory, [.unreachable, .unreachable, .unreachable, .unreachable]),
        (
            .tls(TLSFailure(.verification(.selfSigned))),
            [.verification, .verification, .verification, .verification]
        ),
        (.tls(TLSFailure(.version)), [.handshake, .handshake, .handshake, .handshake]),
        (
            .tls(TLSFailure(.applicationProtocol)),
            [.handshake, .handshake, .handshake, .handshake]
        ),
        (.tls(TLSFailure(.closed)), [.cutOff, .cutOff, .handshake, .closed]),
        (.tls(TLSFailure(.reset)), [.cutOff, .cutOff, .handshake, .closed]),
        (.tls(TLSFailure(.system(110))), [.timedOut, .timedOut, .timedOut, .closed]),
        (.tls(TLSFailure(.alert(40))), [.handshake, .handshake, .handshake, .closed]),
    ]

    @Test(arguments: meanings)
    func means(_ row: (TransportFailure, [UpstreamFailure])) {
        #expect(ConnectionStage.allCases.map { UpstreamFailure(row.0, at: $0) } == row.1)
    }
}

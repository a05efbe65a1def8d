internal import LinuxIO
internal import TLS
internal import Upstream
internal import UpstreamTransport

extension UpstreamFailure {
    /// What a failure of the transport means for the upstream.
    init(_ failure: TransportFailure, wasUp: Bool) {
        switch failure {
        case .system(let error): self.init(error)
        case .tls(let failure): self.init(failure, wasUp: wasUp)
        case .closed: self = wasUp ? .closed : .handshake
        case .emptyFrame: self = .misbehaved
        case .outOfMemory: self = .unreachable
        }
    }

    private init(_ error: Errno) {
        switch error {
        case .connectionRefused: self = .refused
        case .timedOut: self = .timedOut
        case .connectionReset, .brokenPipe: self = .closed
        default: self = .unreachable
        }
    }

    private init(_ failure: TLSFailure, wasUp: Bool) {
        switch failure.kind {
        case .verification: self = .verification
        case .version, .applicationProtocol: self = .handshake
        case .alert, .closed, .reset, .system, .protocolError:
            self = wasUp ? .closed : .handshake
        }
    }
}

internal import LinuxIO
internal import TLS
internal import Upstream
internal import UpstreamTransport

extension UpstreamFailure {
    /// What a failure of the transport means for the upstream.
    init(_ failure: TransportFailure, at stage: ConnectionStage) {
        switch failure {
        case .system(let error): self.init(error, at: stage)
        case .tls(let failure): self.init(failure, at: stage)
        case .closed: self = Self.end(at: stage)
        case .emptyFrame: self = .misbehaved
        case .outOfMemory: self = .unreachable
        }
    }

    /// What the end of the stream means: the server may do that once it is up, and a server that
    /// has not said anything has spent nothing on it.
    private static func end(at stage: ConnectionStage) -> Self {
        switch stage {
        case .connecting, .greeted: .cutOff
        case .handshaking: .handshake
        case .established: .closed
        }
    }

    private init(_ error: Errno, at stage: ConnectionStage) {
        switch error {
        case .connectionRefused: self = .refused
        case .timedOut: self = .timedOut
        case .connectionReset, .brokenPipe: self = Self.end(at: stage)
        default: self = .unreachable
        }
    }

    private init(_ failure: TLSFailure, at stage: ConnectionStage) {
        switch failure.kind {
        case .verification: self = .verification
        case .version, .applicationProtocol: self = .handshake
        case .system(let code) where stage != .established: self.init(Errno(code), at: stage)
        case .closed, .reset, .system: self = Self.end(at: stage)
        case .alert, .protocolError: self = stage == .established ? .closed : .handshake
        }
    }
}

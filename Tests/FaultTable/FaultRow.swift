import NetAddress
import TestServers

/// One fault, what is asked of a forwarder under it, and how to find out.
public struct FaultRow: Sendable {
    /// What a subject did, and whether that is good enough.
    public struct Finding: Sendable {
        public let text: String
        public let meetsTarget: Bool
    }

    /// A short name to choose it by.
    public let name: String
    public let fault: String
    public let target: String
    /// Whether it needs a network of its own, which takes an administrator.
    public var needsNetwork = false
    let play: @Sendable (Bench) throws -> Finding

    public func run(_ bench: Bench) throws -> Finding { try play(bench) }

    /// Starts a subject beside these servers, warms it up, and has `body` look at it.
    static func with<Value>(
        _ bench: Bench, _ endpoints: [Endpoint], warm: Bool = true,
        _ body: (any Subject) throws -> Value
    ) throws -> Value {
        let subject = try bench.start(endpoints)
        defer { subject.stop() }
        if warm {
            _ = try Survey(subject.endpoint, count: 20, zone: "warm.example", patience: .seconds(2))
        }
        return try body(subject)
    }

    public static let all: [FaultRow] = [
        parallel, idleClose, silentConnections, refused, blackHole("tcp"), blackHole("tls"),
        blackHole("answers"), slowAnswers, preferredReturns, closesAfter(1), closesAfter(7),
        closesAfter(100), badCertificate(.wrongName), badCertificate(.expired),
        badCertificate(.selfSigned), link,
    ]
}

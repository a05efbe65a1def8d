import FaultTable
import NetAddress
import TestServers
import Testing

/// Every way in which an upstream fails, alone and as the preferred one of two.
@Suite struct FaultModeTests {
    /// So many that a fault of each could not be hidden by asking twice.
    private static let besideCount = 60
    private static let aloneCount = 20

    @Test(arguments: FaultMode.allCases)
    func answersAllTheSame(_ mode: FaultMode) async throws {
        let (survey, record) = try await Self.survey(Self.aloneCount, within: .milliseconds(4600)) {
            let server = try Fixture.server(mode)
            return (server, try RunningDaemon(asking: server))
        }
        for outcome in survey.outcomes {
            #expect(mode.expectedAlone.allows(outcome), "\(survey.summary)")
        }
        #expect(survey.slowest <= .milliseconds(4600), "\(survey.summary)")
        // Alone, a server that answers once on each connection takes as many.
        expectFewAttempts(record, Self.aloneCount, connections: Self.aloneCount)
    }

    @Test(arguments: FaultMode.allCases)
    func goodUpstreamBesideMakesUpForIt(_ mode: FaultMode) async throws {
        let (survey, record) = try await Self.survey(Self.besideCount, within: .seconds(1)) {
            let server = try Fixture.server(mode)
            return (server, try RunningDaemon(asking: server, try Fixture.server()))
        }
        for outcome in survey.outcomes {
            #expect(FaultMode.Expectation.answer.allows(outcome), "\(survey.summary)")
        }
        #expect(survey.slowest <= .seconds(1), "\(survey.summary)")
        expectFewAttempts(record, Self.besideCount, connections: 20)
    }

    /// Asks a daemon and gives what came of it, with what its first upstream saw.
    ///
    /// A survey that took longer than it may is made once more: what holds up a busy machine does
    /// not come back, what holds up the daemon does.
    private static func survey(
        _ count: Int, within bound: Interval,
        _ make: @escaping @Sendable () throws -> (DoTServer, RunningDaemon)
    ) async throws -> (Survey, ServerRecord) {
        try await Crew.run {
            for attempt in 1... {
                let (server, daemon) = try make()
                let survey = try Survey(daemon.endpoint, count: count)
                daemon.stop()
                if survey.slowest <= bound || attempt == 2 { return (survey, server.record) }
            }
            preconditionFailure("the loop does not end by itself")
        }
    }

    /// A failing upstream is not made to fail more often than it takes.
    private func expectFewAttempts(_ record: ServerRecord, _ queries: Int, connections: Int) {
        #expect(record.queriesReceived <= 2 * queries)
        #expect(record.connectionsAccepted <= connections)
    }
}

extension FaultMode {
    /// What clients may get.
    struct Expectation {
        /// Whether the right answer is allowed.
        var right = false
        /// The codes of answers without one, and the extended error each must have.
        var failures: [(rcode: UInt16, reason: UInt16?)] = []

        static let answer = Self(right: true)

        static func failure(_ reason: UInt16) -> Self {
            Self(failures: [(ResponseCode.serverFailure, reason)])
        }

        static func either(_ reasons: UInt16...) -> Self {
            Self(right: true, failures: reasons.map { (ResponseCode.serverFailure, $0) })
        }

        /// The upstream's own code, passed on without a reason of ours.
        static func code(_ rcode: UInt16) -> Self { Self(failures: [(rcode, nil)]) }

        func allows(_ outcome: Survey.Outcome) -> Bool {
            switch outcome {
            case .right: right
            case .failure(let rcode, let reason, let words):
                failures.contains { $0.rcode == rcode && $0.reason == reason }
                    && (reason == nil || !words.isEmpty)
            case .wrong, .none: false
            }
        }
    }

    /// The extended DNS errors (RFC 8914): no reachable authority, network error, invalid data.
    private enum Reason {
        static let unreachable: UInt16 = 22
        static let network: UInt16 = 23
        static let invalid: UInt16 = 24
    }

    fileprivate var expectedAlone: Expectation {
        switch self {
        case .ok, .tls12, .closeAfter1, .closeAfter3, .split1, .delay1500, .delayRandom,
            .wrongIDThenGood, .trailing, .duplicated, .reverse, .huge, .negativeTTL,
            .floodUnsolicited, .unsolicitedFirst:
            .answer
        case .expired, .future, .wrongName, .selfSigned, .commonNameOnly, .clientCertificate,
            .weak, .tls11, .handshakeClose, .handshakeReset, .handshakeHTTP,
            .closeAfterHandshake, .closeOnQuery, .resetOnQuery, .partialClose:
            .failure(Reason.network)
        case .handshakeStall, .handshakeDrip, .blackHole, .drip, .wrongID, .truncated:
            .failure(Reason.unreachable)
        case .wrongQuestionName, .wrongQuestionNameThenGood, .wrongQuestionType,
            .wrongQuestionClass, .noQuestion, .notAResponse, .opcode4, .emptyFrameThenGood,
            .shortFrame, .tiny11, .garbageWithID, .compressionLoop, .compressionForward,
            .lyingCount, .lyingDataLength:
            .failure(Reason.invalid)
        case .blackHoleHalf: .either(Reason.unreachable)
        case .randomClose: .either(Reason.network)
        // The 100 octets too many are the beginning of the next answer.
        case .longFrame: .either(Reason.unreachable, Reason.invalid)
        // A random id may be one that is waited for.
        case .garbage:
            Expectation(failures: [
                (ResponseCode.serverFailure, Reason.unreachable),
                (ResponseCode.serverFailure, Reason.invalid),
            ])
        case .serverFailure: .code(ResponseCode.serverFailure)
        case .refused: .code(ResponseCode.refused)
        case .formatError: .code(ResponseCode.formatError)
        case .notImplemented: .code(ResponseCode.notImplemented)
        }
    }

}

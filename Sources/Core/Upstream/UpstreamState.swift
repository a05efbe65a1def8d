internal import NetAddress

/// How one configured server stands.
///
/// Trivial, because every query looks at it; names and words are kept in `UpstreamDetails`.
struct UpstreamState: BitwiseCopyable {
    /// Whether it is still configured; a removed one stays until its last answer has come.
    var isConfigured = false
    var group = GroupID.main
    /// Whether it is spoken to in the clear: `current` is for datagrams then.
    var isPlain = false
    var health = UpstreamHealth.untried
    /// Failures in a row.
    var failures: UInt8 = 0
    var lastFailure: UpstreamFailure?
    /// When the first and the last of them happened.
    var failingSince = Instant(microseconds: 0)
    var failedAt = Instant(microseconds: 0)
    /// Not to be contacted before this.
    var retryAt = Instant(microseconds: 0)
    /// Not to be asked before this while it is on probation.
    var probeAt = Instant(microseconds: 0)
    /// The id of the last copy that was sent there to see how it does, and when that was.
    var probe: UInt16?
    var probedAt = Instant(microseconds: 0)
    /// Others are preferred before this: a connection owes answers and has fallen silent, or the
    /// last ones were closed at once.
    var doubtedUntil = Instant(microseconds: 0)
    /// Grows with each query that it did not answer within the patience with it.
    var lateness: UInt8 = 0
    /// Connections in a row that it closed at once after one answer, or none.
    var brevity: UInt8 = 0
    /// How many addresses it has, and which of them a connection begins with.
    var addressCount: UInt8 = 0
    var preferredAddress: UInt8 = 0
    /// Those that have failed since it last answered, by their bits.
    var failedAddresses: UInt8 = 0
    /// How many of the others are passed over when late answers are asked for at another address,
    /// and before when none is.
    var otherAddress: UInt8 = 0
    var otherAddressAt = Instant(microseconds: 0)
    /// Its connection that takes queries.
    var current: ConnectionID?
    /// One more, for when the first has as many under way as it may, or is late with an answer and
    /// this one leads to another address.
    var extra: ConnectionID?
    /// The TCP connection of a plain one, for what does not fit a datagram.
    var stream: ConnectionID?
    var roundTrip = RoundTripEstimate()
    var figures = UpstreamFigures()
    /// When it answered last.
    var lastAnswerAt = Instant(microseconds: 0)
    /// How long it was seen to let a connection idle, when that is shorter than our own patience.
    var learnedIdle: Interval?

    /// Whether only an answer can tell that it is well again: it took connections before and
    /// said nothing, or nothing sensible.
    var isOnProbation: Bool {
        failures > 0 && (lastFailure == .silent || lastFailure == .misbehaved)
    }

    /// Whether it answers so late, or so few, that others are preferred.
    var isSlow: Bool { lateness >= Limits.latenessAllowed }

    /// Whether it has just been found not to react at all, so that to wait for it is in vain.
    ///
    /// Not at once: while the network changes hands, all is silent for a while.
    func isKnownSilent(now: Instant) -> Bool {
        failures > 0 && (lastFailure == .silent || lastFailure == .timedOut)
            && now - failingSince >= Limits.doubt && now - failedAt < Limits.knowledge
    }
}

/// What a query need not know of an upstream.
struct UpstreamDetails {
    let target: UpstreamTarget
    /// Where it is to be found, in the order in which that is tried.
    var servers: [UpstreamServer]
    /// Changes when trust or verification changes: connections and tickets do not outlive it.
    let trustGeneration: UInt32
    /// The last failure in words, for the operator.
    var failureText = "" {
        didSet { explanation = Self.explain(target, failureText) }
    }
    /// Server and failure, made once so that a failing query costs no allocation.
    private(set) var explanation: [UInt8] = []
    /// The same for an upstream that says nothing.
    let silence: [UInt8]

    init(target: UpstreamTarget, trustGeneration: UInt32) {
        self.target = target
        servers =
            switch target {
            case .server(let server): [server]
            case .host: []
            }
        self.trustGeneration = trustGeneration
        silence = Self.explain(target, "no answer in time")
    }

    private static func explain(_ target: UpstreamTarget, _ words: String) -> [UInt8] {
        let text = "\(target): \(words)".utf8.prefix(Limits.explanationByteCount)
        return Array(String(decoding: text, as: UTF8.self).utf8)
    }
}

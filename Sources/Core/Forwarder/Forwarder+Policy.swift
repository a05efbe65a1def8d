internal import Collections
internal import DNSCache
internal import DNSWire
internal import NetAddress
public import Policy
internal import Upstream

extension Forwarder {
    /// Takes new rules; queries under way and what is in memory are not disturbed.
    public mutating func adopt(_ rules: PolicyRules) {
        self.rules = rules
        localTops = rules.names?.topLabels ?? TopLabels()
    }

    /// What becomes of a message because of where it comes from.
    enum Admission: BitwiseCopyable {
        case admitted
        /// The client may not ask.
        case denied
        /// The client asks too often.
        case limited
    }

    @inline(__always)
    mutating func admission(of source: Source, now: Instant) -> Admission {
        guard let access = rules.access else { return .admitted }
        let standing = access.standing(of: source.endpoint.address)
        return standing == .exempt ? .admitted : admission(of: source, standing, now: now)
    }

    /// TCP clients have bounds of their own, and those over UDP are sent there.
    private mutating func admission(
        of source: Source, _ standing: AccessTable.Standing, now: Instant
    ) -> Admission {
        let isDenied = standing == .denied
        guard source.transport == .datagram,
            let isWithin = rules.limiter?.admits(source.endpoint.address, now: now), !isWithin
        else { return isDenied ? .denied : .admitted }
        return .limited
    }

    /// Tells a client that it may not ask, or that it should ask over TCP; or nothing.
    mutating func turnAway(
        _ message: RawSpan, from source: Source, _ admission: Admission,
        reply: inout MutableRawSpan
    ) -> Disposition {
        let isDenied = rules.access?.standing(of: source.endpoint.address) == .denied
        if isDenied { counters.denied &+= 1 } else { counters.limited &+= 1 }
        guard !isDenied || admission == .denied && rules.tellsDenied,
            case .accept(let query) = QueryVerdict(message)
        else { return .ignored }
        let refusal = Refusal(
            isDenied ? .refused : .noError, id: query.id, flags: query.flags,
            question: query.question, edns: query.edns,
            extendedError: isDenied ? .prohibited : nil, isTruncated: !isDenied)
        responses.add(refusal.code)
        return .replied(
            refusal.write(
                answering: message, payloadSize: UInt16(settings.maximumUDPSize), into: &reply))
    }
}

// What is answered without asking anybody.
extension Forwarder {
    /// An answer that nobody has to be asked for, of so many octets.
    enum Decision: BitwiseCopyable {
        /// What is known here.
        case local(Int)
        /// That the name is not resolved.
        case filtered(Int)
    }

    /// Writes what is known here and what is not resolved; `nil` for all other.
    @inline(__always)
    func decide(
        _ question: Question, as wanted: Reply, reply: inout MutableRawSpan
    ) -> Decision? {
        let folded = questions.span(Self.arrivalSlot, length: question.byteCount)
        if localTops.mayHold(folded, length: question.nameLength),
            let length = rules.names?.answer(folded, as: wanted, into: &reply)
        {
            return .local(length)
        }
        // Bound to a name, the filter would be retained.
        if rules.filter?.blocks(folded, length: question.nameLength) == true,
            let length = rules.filter?.answer(folded, as: wanted, into: &reply)
        {
            return .filtered(length)
        }
        return nil
    }

    /// Gives the client what was decided, in its own spelling.
    @inline(never)
    mutating func conclude(
        _ decision: Decision, _ arrival: Arrival, _ message: RawSpan, now: Instant,
        reply: inout MutableRawSpan
    ) -> Disposition {
        reply.copy(message, Question.offset..<arrival.query.question.end, to: Question.offset)
        switch decision {
        case .local(let length):
            if arrival.transport == .stream, Reply.isTruncated(reply) {
                return answerLater(arrival, message, .local, now: now, reply: &reply)
            }
            counters.local &+= 1
            return .replied(length)
        case .filtered(let length):
            counters.filtered &+= 1
            return .replied(length)
        }
    }

    /// Whether an answer leads into this network, which is not for public servers to say.
    func isScreened(
        _ response: Response, of message: RawSpan, answering exchange: ExchangeID
    ) -> Bool {
        guard let screen = rules.screen else { return false }
        let index = Int(exchange.index)
        guard exchanges[index].group == .main else { return false }
        return screen.refuses(
            response, of: message,
            question: questions.span(index, length: exchanges[index].questionLength))
    }

    /// Gives every waiting query nothing instead; nothing of it is kept.
    mutating func screen(_ exchange: ExchangeID, now: Instant) {
        counters.screened &+= UInt64(exchanges[Int(exchange.index)].queryCount)
        finish(exchange, .screened, now: now)
    }

    /// Whether an answer leads to a name that is not resolved.
    func isFiltered(
        _ response: Response, of message: RawSpan, answering exchange: ExchangeID
    ) -> Bool {
        let index = Int(exchange.index)
        return rules.filter?.refuses(
            response, of: message,
            question: questions.span(index, length: exchanges[index].questionLength)) == true
    }

    /// Gives every waiting query what it would have for that name; nothing of the answer is kept.
    mutating func filter(_ exchange: ExchangeID, now: Instant) {
        counters.filtered &+= UInt64(exchanges[Int(exchange.index)].queryCount)
        finish(exchange, .filtered, now: now)
    }
}

internal import Collections
internal import DNSCache
internal import DNSWire

/// What a client's query deserves.
struct JudgeQuery: Operation {
    let name = "verdict of a query"

    func run(_ count: Int) -> Int {
        let query = SampleMessage.query
        let message = unsafe query.span.bytes
        var total = 0
        for _ in 0..<count {
            guard case .accept(let query) = QueryVerdict(message) else { continue }
            total &+= query.question.byteCount
        }
        return total
    }
}

/// The question in lower case, and the key that its answer is kept under.
struct FoldQuestion: Operation, ~Copyable {
    let name = "folding and hashing of a question"
    private let hash = KeyedHash(0x0123_4567, 0x89ab_cdef)
    private var folded = ByteSlab(count: 1, slotSize: 264)

    mutating func run(_ count: Int) -> Int {
        let query = SampleMessage.query
        let message = unsafe query.span.bytes
        guard let question = try? Question(message) else { return 0 }
        let hash = self.hash
        var folded = folded.mutableSpan(0)
        var total = 0
        for _ in 0..<count {
            let state = hash.fold(question, of: message, into: &folded)
            let key = hash.key(state, question, dnssecOK: false, checkingDisabled: false)
            total &+= Int(truncatingIfNeeded: key.hash & 1)
        }
        return total
    }
}

/// The query that goes upstream, with EDNS and padding.
struct WriteUpstreamQuery: Operation, ~Copyable {
    let name = "writing of an upstream query"
    private var message = ByteSlab(
        count: 1, slotSize: UpstreamQuery.maximumByteCount(paddingBlock: 128))

    mutating func run(_ count: Int) -> Int {
        let asked = SampleMessage.question
        let question = unsafe asked.span.bytes
        var message = message.mutableSpan(0)
        var total = 0
        for number in 0..<count {
            let query = UpstreamQuery(
                id: UInt16(truncatingIfNeeded: number), flags: .recursionDesired, dnssecOK: false,
                asksKeepalive: false, paddingBlock: 128)
            total &+= query.write(question: question, into: &message)
        }
        return total
    }
}

internal import Collections
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

/// The question in lower case, and how it was spelled.
struct FoldQuestion: Operation, ~Copyable {
    let name = "folding of a question"
    private var folded = ByteSlab(count: 1, slotSize: 264)

    mutating func run(_ count: Int) -> Int {
        let query = SampleMessage.query
        let message = unsafe query.span.bytes
        var folded = folded.mutableSpan(0)
        let length = SampleMessage.question.count - 4
        var total = 0
        for _ in 0..<count {
            let spelling = CaseFolding.fold(
                message, from: Question.offset, length: length, into: &folded)
            total &+= spelling.isEmpty ? 0 : 1
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

internal import Collections
internal import DNSWire

/// The check of an upstream's answer, from end to end.
struct CheckResponse: Operation {
    let name: String
    private let answer: [UInt8]

    init(records: Int) {
        name = "check of an answer, \(records) record(s)"
        answer = SampleMessage.response(records: records)
    }

    func run(_ count: Int) -> Int {
        let answer = self.answer
        let message = unsafe answer.span.bytes
        let asked = SampleMessage.question
        let question = unsafe asked.span.bytes
        var total = 0
        for _ in 0..<count {
            guard let response = try? Response(message, answering: question) else { continue }
            total &+= response.end
        }
        return total
    }
}

/// The client's copy of an answer, whole or cut down to what the client takes.
struct WriteReply: Operation, ~Copyable {
    let name: String
    private let sizeLimit: Int
    private let answer = SampleMessage.response(records: 20)
    private var reply = ByteSlab(count: 1, slotSize: 4096)

    init(name: String, sizeLimit: Int) {
        self.name = name
        self.sizeLimit = sizeLimit
    }

    mutating func run(_ count: Int) -> Int {
        let answer = self.answer
        let message = unsafe answer.span.bytes
        let asked = SampleMessage.question
        let question = unsafe asked.span.bytes
        let sizeLimit = self.sizeLimit
        guard let response = try? Response(message, answering: question) else { return 0 }
        var reply = reply.mutableSpan(0)
        var total = 0
        for number in 0..<count {
            let writer = Reply(
                id: UInt16(truncatingIfNeeded: number), flags: .recursionDesired,
                hasEDNS: true, dnssecOK: false, sizeLimit: sizeLimit, payloadSize: 1232,
                keepalive: nil)
            total &+= writer.write(response, of: message, question: question, into: &reply)
        }
        return total
    }
}

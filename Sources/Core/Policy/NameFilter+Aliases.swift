public import DNSWire

// What an answer leads to: a name that is not resolved may hide behind another one.
extension NameFilter {
    /// Whether `message`, of which `response` says that it is the answer to the folded `question`,
    /// leads by an alias to a name that is not resolved.
    ///
    /// A name that is allowed may lead anywhere.
    public func refuses(_ response: Response, of message: RawSpan, question: RawSpan) -> Bool {
        guard leadsToBlocked(response, message) else { return false }
        return verdict(on: question, length: question.byteCount &- 4) != .allowed
    }

    private func leadsToBlocked(_ response: Response, _ message: RawSpan) -> Bool {
        var offset = response.question.end
        for _ in 0..<response.answerCount {
            // All of it has been checked; what cannot be read is not let through.
            guard let record = try? ResourceRecord(message, at: offset) else { return true }
            offset = record.data.upperBound
            guard record.type == .cname, record.recordClass == .internet else { continue }
            let isBlocked = PlainName(message, at: record.data.lowerBound).withOctets { name in
                blocks(name, length: name.byteCount)
            }
            if isBlocked { return true }
        }
        return false
    }
}

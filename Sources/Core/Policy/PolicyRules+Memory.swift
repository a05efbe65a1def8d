public import DNSWire

// What is in memory was let in under other rules, perhaps.
extension PolicyRules {
    /// Whether an answer would not have been let in under these rules, whose question is folded.
    ///
    /// `isPublic` says that it is of servers that are asked about everything, and not of a route.
    public func refuses(_ response: Response, of message: RawSpan, isPublic: Bool) -> Bool {
        let question = message.extracting(Question.offset..<response.question.end)
        if filter?.refuses(response, of: message, question: question) == true { return true }
        return isPublic && screen?.refuses(response, of: message, question: question) == true
    }

    /// The same of an answer as it stands in memory.
    public func refuses(_ message: RawSpan, isPublic: Bool) -> Bool {
        guard let asked = try? Question(message),
            let response = try? Response(
                message, answering: message.extracting(Question.offset..<asked.end))
        else { return false }
        return refuses(response, of: message, isPublic: isPublic)
    }
}

import Testing

@testable import Control

@Suite struct ReplyReaderTests {
    private static let reply = ControlReply(words: "two\nlines", body: "a\n.\n..b\n\nlast")

    @Test func isTheSameHoweverItIsCut() {
        let octets = Self.reply.octets
        for cut in 0...octets.count {
            var reader = ReplyReader()
            let body = reader.take(octets[..<cut]) + reader.take(octets[cut...])
            #expect(body == "a\n.\n..b\n\nlast\n")
            #expect(reader.reply == ControlReply(words: "two lines"))
            #expect(reader.isComplete)
        }
    }

    @Test func knowsThatAReplyIsNotWhole() {
        let octets = Self.reply.octets
        for length in 0..<octets.count {
            var reader = ReplyReader()
            _ = reader.take(octets[..<length])
            #expect(!reader.isComplete)
        }
    }

    @Test func tellsErrors() {
        var reader = ReplyReader()
        _ = reader.take(ControlReply.error("no").octets[...])
        #expect(reader.reply == .error("no"))
    }
}

import DNSText
import DNSWire
import TestSupport
import Testing

@Suite struct MessageTextTests {
    @Test func showsAnAnswer() throws {
        var message = MessageBuilder.query("a.example", flags: 0x81a3)
        message.addRecord(type: 5, ttl: 60, data: [1, 98, 0xc0, 12])
        message.addRecord(owner: [1, 98, 0xc0, 12], type: 1, ttl: 9, data: [192, 0, 2, 1])
        message.addRecord(owner: [0], type: 2, ttl: 5, data: [0], in: .authority)
        message.addOption(options: [(15, [0, 22] + Array("why".utf8))])
        let bytes = message.bytes
        let found = MessageText(bytes.span.bytes)
        let text = try #require(found)
        #expect(text.code == .nameError)
        #expect(
            text.long == """
                ;; NXDOMAIN, flags: qr rd ra ad
                ;; a.example. IN A
                ;; answer
                a.example. 60 IN CNAME b.a.example.
                b.a.example. 9 IN A 192.0.2.1
                ;; authority
                . 5 IN NS .
                ;; extended error 22 "why"

                """)
        #expect(text.short == "b.a.example.\n192.0.2.1\n")
    }

    @Test func takesTheUpperBitsOfTheCode() {
        var message = MessageBuilder.query("a.example", flags: 0x8180)
        message.addOption(upperCode: 1)
        let bytes = message.bytes
        let code = MessageText(bytes.span.bytes)?.code
        #expect(code == .badVersion)
    }

    /// Whatever comes, what is shown is one line of ASCII for each record.
    @Test func theCorpusOfMessagesIsShownWithoutHarm() throws {
        let folders = ["Fuzz/Corpus/FuzzMessage", "Fuzz/Corpus/FuzzControl"]
        let files = try folders.flatMap { folder in
            try repositoryFiles(in: folder).map { "\(folder)/\($0)" }
        }
        for file in files {
            let bytes = try repositoryFile(file)
            for start in [0, 1, 2] where bytes.count > start {
                let part = Array(bytes[start...])
                let text = MessageText(part.span.bytes)
                let isPlain = text?.long.utf8.allSatisfy { (0x20..<0x7f).contains($0) || $0 == 10 }
                #expect(isPlain != false, "\(file)")
            }
        }
    }

    @Test func anyPrefixIsNoMessage() {
        var message = MessageBuilder.query("a.example", flags: 0x8180)
        message.addRecord(type: 1, data: [192, 0, 2, 1])
        for length in 0..<message.bytes.count {
            let part = Array(message.bytes[..<length])
            let text = MessageText(part.span.bytes)
            #expect(text == nil)
        }
    }
}

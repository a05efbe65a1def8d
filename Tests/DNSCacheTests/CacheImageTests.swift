import DNSWire
import TestSupport
import Testing

@testable import DNSCache

@Suite struct CacheImageTests {
    /// Answers of many kinds: addresses, negative, signed, large, with an extended error.
    private func filled() throws -> ImageRig {
        let rig = ImageRig()
        try rig.keep("www.example", address: 5)
        try rig.keep(
            ImageRig.answer("www.example", address: 6),
            for: ImageRig.Asked(name: "www.example", dnssecOK: true), now: 0)
        try rig.keep(
            ImageRig.answer("www.example", address: 7),
            for: ImageRig.Asked(name: "www.example", checkingDisabled: true), now: 0)
        try rig.keep(negative(), for: ImageRig.Asked(name: "nothing.example"), now: 0)
        try rig.keep(chain(), for: ImageRig.Asked(name: "alias.example"), now: 0)
        try rig.keep(large(), for: ImageRig.Asked(name: "large.example", type: 16), now: 0)
        return rig
    }

    private static let asked = [
        ImageRig.Asked(name: "www.example"),
        ImageRig.Asked(name: "www.example", dnssecOK: true),
        ImageRig.Asked(name: "www.example", checkingDisabled: true),
        ImageRig.Asked(name: "nothing.example"),
        ImageRig.Asked(name: "alias.example"),
        ImageRig.Asked(name: "large.example", type: 16),
    ]

    private func negative() -> MessageBuilder {
        var message = MessageBuilder.query("nothing.example", flags: 0x8183)
        let names = DomainName.wire("ns.example") + DomainName.wire("mail.example")
        message.addRecord(
            owner: DomainName.wire("example"), type: 6, ttl: 900,
            data: names + [0, 0, 0, 1] + [UInt8](repeating: 0, count: 12) + [0, 0, 1, 0],
            in: .authority)
        message.addOption(options: [(code: 15, data: [0, 17, 0x61, 0x62])])
        return message
    }

    private func chain() -> MessageBuilder {
        var message = MessageBuilder.query("alias.example", flags: 0x8180)
        // The target's last label is a pointer into the question.
        message.addRecord(type: 5, ttl: 100, data: [3, 0x77, 0x77, 0x77, 0xc0, 18])
        message.addRecord(owner: [3, 0x77, 0x77, 0x77, 0xc0, 18], type: 1, data: [192, 0, 2, 1])
        return message
    }

    private func large() -> MessageBuilder {
        var message = MessageBuilder.query("large.example", type: 16, flags: 0x8180)
        for _ in 0..<200 {
            message.addRecord(type: 16, data: [200] + [UInt8](repeating: 0x78, count: 200))
        }
        return message
    }

    @Test func everyAnswerComesBackAsItWas() throws {
        let old = try filled()
        let new = ImageRig(secret: 99)
        let image = old.image(attachment: [1, 2, 3])
        #expect(image.count % 8 == 0)
        let outcome = new.read(image, now: 5000)
        #expect(outcome == .init(count: 6, restored: 6, attachment: [1, 2, 3]))
        for asked in Self.asked {
            let before = old.ask(asked, now: 0)
            #expect(before != nil)
            #expect(new.ask(asked, now: 5000) == before)
            // Ten seconds later on either clock.
            #expect(new.ask(asked, now: 5010) == old.ask(asked, now: 10))
        }
    }

    @Test func theImageDoesNotDependOnTheSizeOfTheSteps() throws {
        let image = try filled().image()
        let whole = ImageRig()
        let steps = ImageRig()
        #expect(whole.read(image) == steps.read(image, batch: 1))
        #expect(whole.image() == steps.image())
    }

    @Test func timeInBetweenCounts() throws {
        let old = ImageRig()
        try old.keep("www.example", ttl: 300, now: 1000)
        let image = old.image(now: 1100)
        let new = ImageRig()
        // 100 s in the old cache, 150 s on the way; the new clock has just started.
        #expect(new.read(image, after: 1100 + 150, now: 3).restored == 1)
        let answer = try #require(new.ask("www.example", now: 3))
        let response = try Response(
            answer.span.bytes, answering: ImageRig.Asked(name: "www.example").question.span.bytes)
        let ttl = answer.span.bytes.uint32(at: response.question.end + 6)
        #expect(ttl == 50)
        #expect(new.ask("www.example", now: 52) != nil)
        #expect(new.ask("www.example", now: 53) == nil)
    }

    @Test func theExpiredIsKeptForAsLongAsItMayBeGiven() throws {
        let settings = CacheSettings(byteCount: 1 << 20, staleSeconds: 1000)
        let old = ImageRig(settings)
        try old.keep("short.example", ttl: 10)
        try old.keep("long.example", ttl: 500)
        #expect(ImageRig(settings).read(old.image(now: 1009), after: 1009).count == 2)
        // What is of no use is not written, and not read either.
        #expect(ImageRig(settings).read(old.image(now: 1010), after: 1010).count == 1)
        let late = ImageRig(settings).read(old.image(now: 1009), after: 1010)
        #expect(late == .init(count: 2, restored: 1))
    }

    @Test func failuresAndTheForgottenAreNotWritten() throws {
        let rig = ImageRig()
        let asked = ImageRig.Asked(name: "broken.example")
        try rig.keep(MessageBuilder.query(asked.name, flags: 0x8182), for: asked, now: 0)
        #expect(rig.ask(asked, now: 1) != nil)
        #expect(ImageRig().read(rig.image()) == .init())
        try rig.keep("www.example")
        try rig.keep("www.example", address: 2)
        #expect(ImageRig().read(rig.image()).count == 1)
        rig.cache.flush()
        #expect(ImageRig().read(rig.image()).count == 0)
    }

    @Test func whatIsNewerStays() throws {
        let old = ImageRig()
        try old.keep("www.example", address: 1)
        let new = ImageRig()
        try new.keep("www.example", address: 2)
        let fresh = new.ask("www.example", now: 0)
        #expect(new.read(old.image()) == .init(count: 1, restored: 0))
        #expect(new.ask("www.example", now: 0) == fresh)
    }

    @Test func aCacheThatKeepsNothingTakesNothing() throws {
        let none = ImageRig(CacheSettings(byteCount: 0))
        #expect(none.read(try filled().image()).restored == 0)
        #expect(none.cache.statistics.entries == 0)
    }

    @Test func boundsOfTheNewCacheHold() throws {
        let old = ImageRig()
        try old.keep("www.example", ttl: 3000)
        let new = ImageRig(CacheSettings(byteCount: 1 << 20, maximumTTL: 60))
        #expect(new.read(old.image()).restored == 1)
        #expect(new.ask("www.example", now: 59) != nil)
        #expect(new.ask("www.example", now: 60) == nil)
    }

    @Test func manyAnswersComeBackToACacheOfTheSameSize() throws {
        let settings = CacheSettings(byteCount: 1 << 20)
        let old = ImageRig(settings)
        for number in 0..<3000 {
            try old.keep("n\(number).example", address: UInt32(number))
            _ = old.ask("n\(number).example", now: 0)
        }
        let entries = old.cache.statistics.entries
        let new = ImageRig(settings, secret: 7)
        let outcome = new.read(old.image())
        #expect(outcome.count == entries && outcome.restored == entries)
        // Other hashes make other parts full: a few may have had to go again.
        #expect(new.cache.statistics.entries * 10 >= entries * 9)
        var found = 0
        for number in 0..<3000 {
            guard let answer = new.ask("n\(number).example", now: 0) else { continue }
            found += 1
            #expect(answer == old.ask("n\(number).example", now: 0))
        }
        #expect(found == new.cache.statistics.entries)
    }

    @Test func aSmallerCacheTakesWhatFits() throws {
        let old = ImageRig(CacheSettings(byteCount: 4 << 20))
        for number in 0..<8000 { try old.keep("n\(number).example", address: UInt32(number)) }
        let new = ImageRig(CacheSettings(byteCount: 128 << 10), secret: 7)
        #expect(new.read(old.image()).defect == nil)
        let statistics = new.cache.statistics
        #expect(statistics.usedByteCount <= 128 << 10)
        #expect(statistics.entries > 100)
    }
}

import DNSWire
import TestSupport
import Testing

@testable import DNSCache

@Suite struct ReviewTests {
    private static func forget(
        in cache: MessageCache, where isUnwanted: (EntryCopy) -> Bool
    ) -> Int {
        var cursor = CacheCursor()
        var count = 0
        while cache.forget(from: &cursor, count: &count, now: 0, where: isUnwanted) {}
        return count
    }

    @Test func forgetsAllThatIsUnwantedAndNothingElse() throws {
        let rig = ImageRig(CacheSettings(byteCount: 4 << 20))
        let names = (0..<20_000).map { "n\($0).example" }
        for (number, name) in names.enumerated() {
            try rig.keep(name, address: number % 10 < 9 ? 7 : 1)
        }
        let before = rig.cache.statistics.entries
        #expect(before == names.count)
        // Nine of ten go, so what is left moves a lot.
        let count = Self.forget(in: rig.cache) { entry in
            DecodedMessage(entry.message)?.answers.first?.data.last == 7
        }
        #expect(count == names.count / 10 * 9)
        for (number, name) in names.enumerated() {
            let isKept = rig.ask(name, now: 0) != nil
            #expect(isKept == (number % 10 == 9))
        }
    }

    @Test func tellsAnswersToOneQuestionApart() throws {
        let rig = ImageRig()
        let name = "www.example"
        for isSecure in [false, true] {
            try rig.keep(
                ImageRig.answer(name, address: 1),
                for: ImageRig.Asked(name: name, dnssecOK: isSecure), now: 0)
        }
        #expect(Self.forget(in: rig.cache) { $0.dnssecOK } == 1)
        #expect(rig.ask(name, now: 0) != nil)
        #expect(rig.ask(ImageRig.Asked(name: name, dnssecOK: true), now: 0) == nil)
    }

    @Test func nothingIsInADisabledCache() {
        #expect(Self.forget(in: .disabled) { _ in true } == 0)
    }
}

import TestSupport
import Testing

@testable import DNSCache

@Suite struct AnswerExaminerTests {
    private static let soa: [UInt8] =
        [0, 0] + [UInt8](repeating: 0, count: 16) + [0, 0, 0, 60]

    /// What a hit says after `message` was stored, one second later.
    private static func kept(
        _ message: MessageBuilder, type: UInt16 = 1, _ settings: CacheSettings? = nil
    ) -> DecodedMessage? {
        var rig = CacheRig(settings ?? CacheSettings(byteCount: 1 << 20))
        rig.store(message, now: 10)
        return rig.ask(
            "a.example", type: type, as: CacheRig.reply(sizeLimit: 65_535), now: 11
        ).message
    }

    private static func answer(type: UInt16 = 1, code: UInt16 = 0) -> MessageBuilder {
        CacheRig.answer("a.example", type: type, code: code)
    }

    @Test func anAnswerIsKeptWhole() {
        var message = Self.answer()
        message.addRecord(type: 1, ttl: 60, data: [192, 0, 2, 1])
        message.addRecord(type: 1, ttl: 90, data: [192, 0, 2, 2])
        let kept = Self.kept(message)
        #expect(kept?.answers.map(\.ttl) == [59, 89])
        #expect(kept?.answers.map(\.data) == [[192, 0, 2, 1], [192, 0, 2, 2]])
    }

    @Test func ownersAreComparedWithoutCaseAndThroughPointers() {
        for owner in [
            DomainName.wire("A.EXAMPLE"), DomainName.wire("a.example"), [1, 0x41, 0xc0, 0x0e],
        ] {
            var message = Self.answer()
            message.addRecord(owner: owner, type: 1, data: [192, 0, 2, 1])
            #expect(Self.kept(message) != nil)
        }
        for owner in [DomainName.wire("a\\.example"), DomainName.wire("example"), [0]] {
            var message = Self.answer()
            message.addRecord(owner: owner, type: 1, data: [192, 0, 2, 1])
            #expect(Self.kept(message) == nil)
        }
    }

    @Test func chainsAreFollowedInOrderAndToABound() {
        func chain(_ links: Int) -> MessageBuilder {
            var message = Self.answer()
            var owner = DomainName.wire("a.example")
            for link in 0..<links {
                let target = DomainName.wire("c\(link).example")
                message.addRecord(owner: owner, type: 5, data: target)
                owner = target
            }
            message.addRecord(owner: owner, type: 1, data: [192, 0, 2, 1])
            return message
        }
        #expect(Self.kept(chain(8))?.answers.count == 9)
        #expect(Self.kept(chain(31))?.answers.count == 32)
        #expect(Self.kept(chain(32)) == nil)
        var early = Self.answer()
        early.addRecord(owner: DomainName.wire("c.example"), type: 1, data: [192, 0, 2, 1])
        early.addRecord(type: 5, data: DomainName.wire("c.example"))
        #expect(Self.kept(early) == nil)
    }

    @Test func redirectionsByDNAMEAreKept() {
        var message = Self.answer()
        message.addRecord(
            owner: DomainName.wire("example"), type: 39, data: DomainName.wire("test"))
        message.addRecord(type: 5, data: DomainName.wire("a.test"))
        message.addRecord(owner: DomainName.wire("a.test"), type: 1, data: [192, 0, 2, 1])
        #expect(Self.kept(message)?.answers.count == 3)
        var stranger = Self.answer()
        stranger.addRecord(
            owner: DomainName.wire("bank.test"), type: 39, data: DomainName.wire("test"))
        stranger.addRecord(type: 1, data: [192, 0, 2, 1])
        #expect(Self.kept(stranger) == nil)
    }

    @Test func negativeAnswersNeedASOARecordAboveTheName() {
        for (owner, isKept) in [("example", true), (".", true), ("b.example", false)] {
            for code in [0, 3] as [UInt16] {
                var message = Self.answer(code: code)
                message.addRecord(
                    owner: DomainName.wire(owner), type: 6, ttl: 300, data: Self.soa,
                    in: .authority)
                let kept = Self.kept(message)
                #expect((kept != nil) == isKept)
                // As long as the MINIMUM field says, which the record shows as well.
                if let kept { #expect(kept.authorities.map(\.ttl) == [59]) }
            }
        }
    }

    @Test func proofsOfNegativeAnswersAreKept() {
        var message = Self.answer(code: 3)
        message.addRecord(
            owner: DomainName.wire("example"), type: 6, data: Self.soa, in: .authority)
        for type in [46, 47, 50, 43] as [UInt16] {
            message.addRecord(
                owner: DomainName.wire("other.example"), type: type,
                data: [0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0, 0, 0, 1], in: .authority)
        }
        #expect(Self.kept(message)?.authorities.count == 5)
    }

    @Test func foreignAuthorityIsCutOffWithAllThatFollows() {
        for (owner, type) in [("test", 2), ("a.example", 1), ("bank.example", 2)]
            as [(String, UInt16)]
        {
            var message = Self.answer()
            message.addRecord(type: 1, ttl: 300, data: [192, 0, 2, 1])
            message.addRecord(
                owner: DomainName.wire(owner), type: type, ttl: 5,
                data: type == 1 ? [192, 0, 2, 2] : DomainName.wire("ns.test"), in: .authority)
            message.addRecord(
                type: 28, ttl: 5, data: [UInt8](repeating: 0, count: 16), in: .additional)
            let kept = Self.kept(message)
            #expect(kept?.answers.map(\.ttl) == [299])
            #expect(kept?.authorities.isEmpty == true)
            #expect(kept?.additionals.isEmpty == true)
        }
    }

    /// The types that point to names, with the octets before the name.
    @Test(arguments: [(2, 0), (15, 2), (33, 6), (64, 2), (65, 2)] as [(UInt16, Int)])
    func addressesOfNamesThatAreSpokenOfStay(type: UInt16, prefix: Int) {
        for (owner, isKept) in [("ns.example", true), ("bank.example", false)] {
            var message = Self.answer(type: type)
            message.addRecord(
                type: type,
                data: [UInt8](repeating: 0, count: prefix) + DomainName.wire("ns.example"))
            message.addRecord(
                owner: DomainName.wire(owner), type: 1, data: [192, 0, 2, 1], in: .additional)
            let kept = Self.kept(message, type: type)
            #expect(kept?.answers.count == 1)
            #expect(kept?.additionals.count == (isKept ? 1 : 0))
        }
    }

    @Test func aSignatureBoundsTheTimeOfAll() {
        for (end, ttls) in [
            (1_700_000_020, [19, 19]), (1_800_000_000, [299, 299]), (1_700_000_000, []),
            (1_600_000_000, []),
        ] as [(UInt32, [UInt32])] {
            var message = Self.answer()
            message.addRecord(type: 1, ttl: 300, data: [192, 0, 2, 1])
            let expiration = (0..<4).map { UInt8(truncatingIfNeeded: end >> (24 - 8 * UInt32($0))) }
            message.addRecord(
                type: 46, ttl: 300,
                data: [0, 1, 13, 2, 0, 0, 1, 44] + expiration + [0, 0, 0, 0, 0, 1, 0])
            #expect((Self.kept(message)?.answers.map(\.ttl) ?? []) == ttls)
        }
    }

    @Test func namesAreComparedToABound() {
        func message(_ count: Int) -> MessageBuilder {
            var message = Self.answer(type: 2)
            for number in 0..<count {
                message.addRecord(type: 2, data: DomainName.wire("n\(number).example"))
            }
            return message
        }
        #expect(Self.kept(message(200), type: 2)?.answers.count == 200)
        #expect(Self.kept(message(CacheLimits.comparisons + 1), type: 2) == nil)
    }

    @Test func otherCodesAreNotKept() {
        for code in [1, 4, 6, 9] as [UInt16] {
            var message = Self.answer(code: code)
            message.addRecord(type: 1, data: [192, 0, 2, 1])
            #expect(Self.kept(message) == nil)
        }
    }

    /// Whatever comes, a hit is a whole message about the question.
    @Test func spoiledAnswersNeverMakeABadHit() {
        var random = SplitMix64(seed: 11)
        var message = Self.answer()
        message.addRecord(type: 5, data: DomainName.wire("b.example"))
        message.addRecord(owner: [1, 0x62, 0xc0, 0x0e], type: 1, data: [192, 0, 2, 1])
        message.addRecord(
            owner: [0xc0, 0x0e], type: 2, data: [2, 0x6e, 0x73, 0xc0, 0x0e], in: .authority)
        message.addRecord(
            owner: [2, 0x6e, 0x73, 0xc0, 0x0e], type: 1, data: [192, 0, 2, 9], in: .additional)
        message.addOption()
        var rig = CacheRig()
        var kept = 0
        for round in 0..<5000 {
            var spoiled = MessageBuilder()
            let bytes = Mutated.octets(message.bytes, &random)
            for place in stride(from: 0, to: 12, by: 2) {
                spoiled.set(UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1]), at: place)
            }
            spoiled.append(octets: bytes[12...])
            rig.cache.flush()
            guard rig.store(spoiled, now: UInt32(round)) else { continue }
            let found = rig.ask("a.example", now: UInt32(round))
            guard case .hit = found.answer else { continue }
            kept += 1
            #expect(found.message?.name == DomainName.wire("a.example"))
        }
        #expect(kept > 500)
    }
}

/// Octets with a few mistakes in them.
private enum Mutated {
    static func octets(_ octets: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var octets = octets
        for _ in 0...random.below(2) {
            octets[random.below(octets.count)] = UInt8(truncatingIfNeeded: random.next())
        }
        return octets
    }
}

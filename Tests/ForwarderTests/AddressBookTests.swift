import DNSWire
import NetAddress
import Testing

@testable import Forwarder

@Suite struct AddressBookTests {
    private let start = Instant(microseconds: 1_000_000_000)
    private let six = IPAddress(v6High: 0x2001_0db8_0000_0000, low: 1)

    private func four(_ number: UInt32) -> IPAddress { IPAddress(v4: 0xc000_0200 + number) }

    private func host(_ name: String) throws -> UpstreamHost {
        UpstreamHost(name: try #require(ServerName(name)), port: 853)
    }

    private func book(_ names: String...) throws -> AddressBook {
        var book = AddressBook()
        book.configure(try names.map(host), now: start)
        return book
    }

    private func due(_ book: inout AddressBook, at now: Instant) -> [RecordType] {
        var due: [RecordType] = []
        while let place = book.nextDue(isInDemand: true, now: now) {
            due.append(book.lookUps[place].type)
        }
        return due
    }

    @Test func asksForBothKindsOfEachNameOnce() throws {
        var book = try book("a.example", "b.example", "a.example")
        let first = due(&book, at: start)
        let again = due(&book, at: start)
        #expect(first == [.aaaa, .a, .aaaa, .a])
        #expect(again == [])
        #expect(book.earliest == nil)
    }

    @Test func familiesTakeTurns() throws {
        var book = try book("a.example")
        book.answered(1, [four(1), four(2), four(3)], ttl: 300, now: start)
        book.answered(0, [six], ttl: 300, now: start)
        #expect(book.addresses(of: book.lookUps[0].name) == [six, four(1), four(2), four(3)])
    }

    @Test(arguments: [
        (0, 30), (29, 30), (31, 31), (86_399, 86_399), (UInt32(86_401), 86_400), (.max, 86_400),
    ])
    func looksUpAgainAfterTheTimeToLiveWithinBounds(ttl: UInt32, seconds: Int) throws {
        var book = try book("a.example")
        _ = due(&book, at: start)
        book.answered(1, [four(1)], ttl: ttl, now: start)
        #expect(book.lookUps[1].dueAt == start + .seconds(UInt64(seconds)))
    }

    @Test func pausesDoubleAfterFailures() throws {
        var book = try book("a.example")
        var pauses: [UInt64] = []
        for _ in 0..<10 {
            book.failed(0, now: start)
            pauses.append((book.lookUps[0].dueAt - start).microseconds / 1000)
        }
        #expect(pauses == [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
        book.answered(0, [six], ttl: 60, now: start)
        book.failed(0, now: start)
        #expect(book.lookUps[0].dueAt == start + .milliseconds(500))
    }

    @Test func whatIsKnownStaysWhenItIsNotConfirmed() throws {
        var book = try book("a.example")
        let name = book.lookUps[0].name
        book.answered(1, [four(1)], ttl: 60, now: start)
        book.failed(1, now: start)
        #expect(book.addresses(of: name) == [four(1)])
        // Without any other address an answer without one is not believed either.
        book.answered(1, [], ttl: 60, now: start)
        #expect(book.addresses(of: name) == [four(1)])
        book.answered(0, [six], ttl: 60, now: start)
        book.answered(1, [], ttl: 60, now: start)
        #expect(book.addresses(of: name) == [six])
    }

    @Test func addressesOfNobodyAreNotTaken() throws {
        var book = try book("a.example")
        let nobody = [
            IPAddress(v4: 0), IPAddress(v4: .max), IPAddress(v4: 0xe000_0001),
        ]
        book.answered(1, nobody, ttl: 60, now: start)
        #expect(book.addresses(of: book.lookUps[1].name) == [])
    }

    @Test func isHopelessOnlyWhenBothKindsAre() throws {
        var book = try book("a.example")
        let name = book.lookUps[0].name
        #expect(!book.isHopeless(name))
        _ = due(&book, at: start)
        book.failed(0, now: start)
        #expect(!book.isHopeless(name))
        book.answered(1, [], ttl: 60, now: start)
        #expect(book.isHopeless(name))
        _ = due(&book, at: start + .seconds(1))
        #expect(!book.isHopeless(name))
        book.answered(0, [six], ttl: 60, now: start)
        #expect(!book.isHopeless(name))
    }

    @Test func whileNobodyAsksOnlyWhatIsUnknownIsLookedUp() throws {
        var book = try book("a.example", "b.example")
        _ = due(&book, at: start)
        for place in 0..<4 {
            book.answered(place, place == 1 ? [four(1)] : [], ttl: 30, now: start)
        }
        let later = start + .seconds(600)
        var names: [String] = []
        while let place = book.nextDue(isInDemand: false, now: later) {
            names.append(book.lookUps[place].name.description)
        }
        #expect(names == ["b.example", "b.example"])
        #expect(book.earliest == later + .seconds(60))
    }

    @Test func whatOthersFoundIsNewsUntilItIsLookedUpHere() throws {
        var book = try book("a.example")
        let name = book.lookUps[0].name
        let first = book.learned([six, four(1)], of: name)
        let again = book.learned([six, four(1)], of: name)
        let none = book.learned([], of: name)
        #expect([first, again, none] == [true, false, false])
        #expect(book.addresses(of: name) == [six, four(1)])
        book.answered(1, [four(2)], ttl: 60, now: start)
        _ = book.learned([four(3)], of: name)
        #expect(book.addresses(of: name) == [four(2)])
    }

    @Test func namesThatStayKeepWhatIsKnown() throws {
        var book = try book("a.example", "b.example")
        let name = book.lookUps[2].name
        book.answered(3, [four(1)], ttl: 60, now: start)
        book.configure([try host("b.example"), try host("c.example")], now: start)
        #expect(book.addresses(of: name) == [four(1)])
        #expect(
            book.lookUps.map(\.name.description) == [
                "b.example", "b.example", "c.example", "c.example",
            ])
    }

    @Test func aReloadAsksAgainWhatHasFailed() throws {
        var book = try book("a.example")
        _ = due(&book, at: start)
        book.answered(0, [six], ttl: 3600, now: start)
        for _ in 0..<9 { book.failed(1, now: start) }
        book.configure(book.hosts, now: start + .seconds(1))
        let asked = due(&book, at: start + .seconds(1))
        #expect(asked == [.a])
    }

    @Test func anotherNetworkIsAskedAtOnce() throws {
        var book = try book("a.example")
        _ = due(&book, at: start)
        for place in 0..<2 { book.answered(place, [four(1)], ttl: 3600, now: start) }
        let early = due(&book, at: start + .seconds(1))
        book.networkChanged(now: start + .seconds(1))
        let late = due(&book, at: start + .seconds(1))
        #expect(early == [])
        #expect(late == [.aaaa, .a])
    }
}

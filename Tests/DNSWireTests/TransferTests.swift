import TestSupport
import Testing

@testable import DNSWire

@Suite struct TransferTests {
    private func query(
        type: UInt16 = 252, _ change: (inout MessageBuilder) -> Void = { _ in }
    ) -> TransferQuery? {
        var message = MessageBuilder(id: 7)
        message.addQuestion(DomainName.wire("corp.example"), type: type)
        change(&message)
        return TransferQuery(message.bytes.span.bytes)
    }

    private func soa(_ serial: UInt8) -> [UInt8] {
        [0, 0] + [0, 0, 0, serial] + [UInt8](repeating: 0, count: 16)
    }

    /// A message with SOA records of these serials, and an address for each zero.
    private func answer(
        _ records: [UInt8], id: UInt16 = 7, flags: UInt16 = 0x8400, hasQuestion: Bool = true
    ) -> [UInt8] {
        var message = MessageBuilder(id: id, flags: flags)
        if hasQuestion { message.addQuestion(DomainName.wire("corp.example"), type: 252) }
        for serial in records {
            let owner = DomainName.wire("corp.example")
            if serial == 0 {
                message.addRecord(owner: owner, type: 1, data: [10, 0, 0, 1])
            } else {
                message.addRecord(owner: owner, type: 6, data: soa(serial))
            }
        }
        return message.bytes
    }

    private func steps(
        type: UInt16, _ messages: [UInt8]...
    ) throws -> [TransferProgress.Step] {
        var progress = TransferProgress(try #require(query(type: type)))
        return messages.map { progress.received($0.span.bytes) }
    }

    @Test func takesWhatAsksForAZone() throws {
        #expect(query()?.isIncremental == false)
        let incremental = query(type: 251) { message in
            message.addRecord(type: 6, data: soa(3), in: .authority)
            message.addOption(payloadSize: 4096)
            message.addRecord(owner: [0], type: 250, recordClass: 255, data: [0], in: .additional)
        }
        #expect(incremental?.isIncremental == true)
        #expect(incremental?.edns?.payloadSize == 4096)
    }

    @Test func takesNothingElse() {
        #expect(query(type: 1) == nil)
        #expect(query { $0.append(octets: [0]) } == nil)
        #expect(query { $0.set(0x8000, at: 2) } == nil)
        #expect(query { $0.set(0x2800, at: 2) } == nil)
        #expect(query { $0.addRecord(type: 6, data: [0], in: .authority) } == nil)
        #expect(
            query { message in
                message.addOption()
                message.addOption()
            } == nil)
        let short = [UInt8](repeating: 0, count: 11)
        let found = TransferQuery(short.span.bytes)
        #expect(found == nil)
    }

    @Test func aWholeZoneEndsWithItsSecondSOA() throws {
        #expect(try steps(type: 252, answer([5, 0, 0, 5])) == [.last])
        let messages = [answer([5]), answer([0, 0], hasQuestion: false), answer([5])]
        #expect(
            try steps(type: 252, messages[0], messages[1], messages[2]) == [.more, .more, .last])
        #expect(try steps(type: 251, answer([5, 0]), answer([0, 5])) == [.more, .last])
    }

    @Test func changesEndWhereTheirSerialComesAsAnOldOne() throws {
        // From 3 by 4 to 5, each step old, new.
        #expect(try steps(type: 251, answer([5, 3, 0, 4, 0, 4, 0, 5, 0, 5])) == [.last])
        #expect(
            try steps(type: 251, answer([5, 3]), answer([0, 5, 0]), answer([5]))
                == [.more, .more, .last])
        #expect(try steps(type: 251, answer([5])) == [.last])
    }

    @Test func refusalsAndEmptyAnswersAreWhole() throws {
        #expect(try steps(type: 252, answer([], flags: 0x8405)) == [.last])
        #expect(try steps(type: 252, answer([])) == [.last])
        #expect(try steps(type: 252, answer([5, 0]), answer([], flags: 0x8402)) == [.more, .last])
    }

    @Test func whatIsNoPartOfTheAnswerIsADefect() throws {
        #expect(try steps(type: 252, answer([5, 5], id: 8)) == [.defect])
        #expect(try steps(type: 252, answer([5, 5], flags: 0x0400)) == [.defect])
        #expect(try steps(type: 252, answer([0, 5])) == [.defect])
        #expect(try steps(type: 252, Array(answer([5, 5]).dropLast())) == [.defect])
        #expect(try steps(type: 252, [0, 7]) == [.defect])
    }
}

import DNSWire
import Testing

/// Holds that the work for a message grows no faster than the message (CVE-2024-8508).
@Suite struct WorkTests {
    /// A message of `byteCount` octets whose records each take the longest walk that is allowed.
    private func pointers(byteCount: Int) -> [UInt8] {
        var answers: [[UInt8]] = []
        var offset = MessageBytes().bytes.count
        // The first record holds 127 labels, each behind a pointer: as long as names get.
        var chain: [UInt8] = []
        var last = 12 + 4
        for index in 0..<120 {
            let start = offset + 12 + chain.count
            chain += [1, 1] + pointer(index == 0 ? 24 : last)
            last = start
        }
        answers.append(record(type: 16, data: chain))
        offset += record(type: 16, data: chain).count
        while offset < byteCount - 18 {
            let walk = record(
                pointer(last), type: 26, data: [0, 0] + pointer(last) + pointer(last))
            answers.append(walk)
            offset += walk.count
        }
        var message = MessageBytes.answer()
        message.answers = answers
        return message.bytes
    }

    private func time(_ message: [UInt8]) throws -> Duration {
        let clock = ContinuousClock()
        var shortest = Duration.seconds(60)
        for _ in 0..<5 {
            let start = clock.now
            let found = try response(message).get()
            shortest = min(shortest, clock.now - start)
            #expect(found.answerCount > 100)
        }
        return shortest
    }

    @Test func pointersCostNoMoreThanTheirOctets() throws {
        let small = try time(pointers(byteCount: 16_384))
        let large = try time(pointers(byteCount: 65_535))
        // Four times the octets; sixteen times the work would be quadratic.
        #expect(large < small * 10, "\(small) and \(large)")
    }

    /// Chains of pointers alone, the dearest of which would take 8,000 steps for each record.
    @Test func chainsAreCutShort() {
        var message = MessageBytes.answer().bytes
        message[6] = 0xff
        var chain: [UInt8] = []
        for index in 0..<6000 { chain += pointer(index == 0 ? 24 : 41 + 2 * (index - 1)) }
        message += record(type: 16, data: chain)
        while message.count < 65_000 { message += record(pointer(41 + 2 * 5999)) }
        #expect(response(message) == .failure(.malformed(.badPointer)))
    }

    @Test func manyOptionsCostNoMoreThanTheirOctets() throws {
        func query(_ count: Int) -> [UInt8] {
            let options = (0..<count).flatMap { _ in option(65_001) }
            return MessageBytes(additionals: [opt(options: options)]).bytes
        }
        func time(_ message: [UInt8]) -> Duration {
            let clock = ContinuousClock()
            return (0..<5).map { _ in clock.measure { _ = verdict(message) } }.min() ?? .zero
        }
        let small = time(query(4000))
        let large = time(query(16_000))
        #expect(large < small * 10, "\(small) and \(large)")
    }
}

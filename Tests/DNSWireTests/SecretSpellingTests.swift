import TestSupport
import Testing

@testable import DNSWire

@Suite struct SecretSpellingTests {
    private let name = DomainName.wire("www.some-1long-name-of-letters.corp.example")

    private func spelled(_ seed: UInt64) -> [UInt8] {
        var message = [UInt8](repeating: 0, count: 12) + name
        var room = message.mutableSpan
        var bytes = room.mutableBytes
        SecretSpelling(seed: seed).apply(to: &bytes, from: 12, length: name.count)
        return Array(message[12...])
    }

    @Test func changesLettersAndNothingElse() {
        let other = spelled(7)
        #expect(other != name)
        #expect(other.map { (65...90).contains($0) ? $0 + 32 : $0 } == name)
    }

    @Test func aboutHalfOfTheLettersAreUpperCase() {
        let counts = (0..<200).map { seed in
            spelled(UInt64(seed)).count { (65...90).contains($0) }
        }
        let letters = name.count { (97...122).contains($0) }
        let mean = Double(counts.reduce(0, +)) / Double(counts.count)
        #expect(abs(mean - Double(letters) / 2) < 1)
        #expect(Set((0..<200).map { spelled(UInt64($0)) }).count == 200)
    }

    @Test func knowsItsOwnSpellingAlone() {
        let message = [0, 0] + spelled(7)
        #expect(matches(message, seed: 7))
        #expect(!matches(message, seed: 8))
        #expect(!matches(message.dropLast(), seed: 7))
        var changed = message
        changed[4] ^= 0x20
        #expect(!matches(changed, seed: 7))
    }

    private func matches(_ message: [UInt8], seed: UInt64) -> Bool {
        SecretSpelling(seed: seed).matches(message.span.bytes, from: 2, name.span.bytes)
    }

    @Test func longNamesAreSpelledToTheirEnd() {
        let long = [UInt8](repeating: 0x61, count: 255)
        var message = long
        var room = message.mutableSpan
        var bytes = room.mutableBytes
        SecretSpelling(seed: 3).apply(to: &bytes, from: 0, length: 255)
        let words = stride(from: 0, to: 192, by: 64).map { Array(message[$0..<($0 + 64)]) }
        #expect(Set(words).count == 3)
    }
}

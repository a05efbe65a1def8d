import DNSWire
import TestSupport
import Testing

@Suite struct NameTests {
    @Test(arguments: [1, 3, 4, 64, 65, 66, 128, 254, 255]) func plainNamesEndWhereTheyEnd(
        byteCount: Int
    ) {
        let plain = name(byteCount: byteCount)
        #expect(plain.count == byteCount)
        #expect(plainNameEnd(plain) == .success(byteCount))
        #expect(plainNameEnd(plain + [1, 2, 3]) == .success(byteCount))
        #expect(plainNameEnd([9, 9, 9] + plain, from: 3) == .success(byteCount + 3))
        #expect(nameEnd(plain) == .success(byteCount))
        #expect(nameEnd(plain + [1, 2, 3]) == .success(byteCount))
    }

    @Test(arguments: [
        ("", 0), ("a", 0), ("b.a", 0), ("c.b.a", 2), ("www.mail.example.org", 9),
    ]) func theDomainIsTheLastTwoLabels(text: String, start: Int) {
        let bytes = DomainName.wire(text)
        #expect(Name.startOfDomain(in: bytes.span.bytes) == start)
    }

    @Test(arguments: [256, 257, 300, 400]) func longNamesAreRefused(byteCount: Int) {
        let long = name(byteCount: byteCount)
        #expect(plainNameEnd(long) == .failure(.nameTooLong))
        #expect(plainNameEnd(long + [0, 0]) == .failure(.nameTooLong))
        #expect(nameEnd(long) == .failure(.nameTooLong))
    }

    @Test func namesCutShortAreRefused() {
        let whole = name(byteCount: 130)
        for count in 0..<130 {
            let cut = Array(whole.prefix(count))
            #expect(plainNameEnd(cut) == .failure(.truncated), "\(count) octets")
            #expect(nameEnd(cut) == .failure(.truncated), "\(count) octets")
        }
    }

    @Test(arguments: UInt8(64)...191) func otherLabelTypesAreRefused(octet: UInt8) {
        let bytes = [octet] + [UInt8](repeating: 0, count: 300)
        #expect(plainNameEnd(bytes) == .failure(.badLabel))
        #expect(nameEnd(bytes) == .failure(.badLabel))
        #expect(nameEnd([1, 1] + bytes) == .failure(.badLabel))
    }

    @Test func labelsMayHoldAnyOctet() {
        let bytes = [63] + (0..<63).map { UInt8($0 * 4) } + [3, 0, 0x2e, 0xff, 0]
        #expect(plainNameEnd(bytes) == .success(bytes.count))
        #expect(nameEnd(bytes) == .success(bytes.count))
    }

    @Test(arguments: UInt8(192)...255) func plainNamesHaveNoPointers(octet: UInt8) {
        #expect(plainNameEnd([octet, 12, 0, 0]) == .failure(.badPointer))
        #expect(plainNameEnd([1, 1, octet, 12, 0]) == .failure(.badPointer))
    }

    /// Bytes after a header, where the name to read begins, and what is found.
    static let compressed: [(what: String, bytes: [UInt8], start: Int, end: Int?)] = [
        ("pointer alone", name("ab") + pointer(12), 16, 18),
        ("labels and pointer", name("ab") + labels("c.d") + pointer(12), 16, 22),
        ("pointer to a pointer", name("ab") + pointer(12) + pointer(16), 18, 20),
        ("pointer into the middle of a name", name("ab.cd") + pointer(15), 19, 21),
        ("pointer to the root", name("ab") + pointer(15), 16, 18),
        ("pointer to itself", name("ab") + pointer(16), 16, nil),
        ("pointer forward", pointer(14) + name("ab"), 12, nil),
        ("pointer to its own second octet", name("ab") + pointer(17), 16, nil),
        ("pointer to the labels before it", name("ab") + labels("c") + pointer(16), 16, nil),
        ("pointer between the labels before it", name("ab") + labels("c.d") + pointer(18), 16, nil),
        ("two pointers at each other", pointer(14) + pointer(12), 14, nil),
        ("pointer that comes back", pointer(16) + [1, 1] + pointer(12), 14, nil),
        ("labels that run into their pointer", [1, 1, 1] + pointer(14) + [0, 0, 0], 15, nil),
        ("a label that ends at its pointer", [1, 1, 0, 1, 1] + pointer(15) + [0], 17, nil),
        ("a pointer that ends past its pointer", [1, 0, 0xc0] + pointer(14), 15, nil),
        ("pointer to the header", name("ab") + pointer(0), 16, nil),
        ("pointer to the end of the header", name("ab") + pointer(11), 16, nil),
        ("pointer past the end", name("ab") + pointer(0x3fff), 16, nil),
        ("half a pointer", name("ab") + [0xc0], 16, nil),
        ("half a pointer after labels", name("ab") + labels("c") + [0xc0], 16, nil),
        ("nothing", name("ab"), 16, nil),
    ]

    @Test(arguments: compressed) func pointersLeadStrictlyBackwards(
        what: String, bytes: [UInt8], start: Int, end: Int?
    ) throws {
        let message = [UInt8](repeating: 0, count: 12) + bytes
        #expect((try? nameEnd(message, from: start).get()) == end)
    }

    @Test func expandedNamesAreAtMost255Octets() {
        let header = [UInt8](repeating: 0, count: 12)
        let longest = header + name(byteCount: 200)
        #expect(nameEnd(longest + labels("aaaa") + pointer(12), from: 212) == .success(219))
        let fitting = [54] + [UInt8](repeating: 1, count: 54)
        #expect(nameEnd(longest + fitting + pointer(12), from: 212) == .success(269))
        let label = [55] + [UInt8](repeating: 1, count: 55)
        #expect(nameEnd(longest + label + pointer(12), from: 212) == .failure(.nameTooLong))
    }

    @Test func aNameOf255OctetsMayBeAPointer() {
        let message = [UInt8](repeating: 0, count: 12) + name(byteCount: 255) + pointer(12)
        #expect(nameEnd(message, from: 267) == .success(269))
    }

    @Test func everyLabelMayBeBehindAPointer() {
        // 127 labels of one octet, each continued by a pointer to the one before it.
        var message = [UInt8](repeating: 0, count: 12) + [1, 1, 0]
        var last = 12
        for _ in 1..<127 {
            let start = message.count
            message += [1, 1] + pointer(last)
            last = start
        }
        #expect(nameEnd(message, from: last) == .success(message.count))
        #expect(
            nameEnd(message + pointer(last), from: message.count) == .success(message.count + 2))
        let tooLong = message + [1, 1] + pointer(last)
        #expect(nameEnd(tooLong, from: message.count) == .failure(.nameTooLong))
    }

    @Test func chainsOfPointersEnd() {
        var message = [UInt8](repeating: 0, count: 13)
        for index in 0..<1000 { message += pointer(index == 0 ? 12 : 13 + 2 * (index - 1)) }
        #expect(nameEnd(message, from: 13 + 2 * 126) == .success(13 + 2 * 127))
        #expect(nameEnd(message, from: 13 + 2 * 127) == .failure(.badPointer))
        #expect(nameEnd(message, from: 13 + 2 * 999) == .failure(.badPointer))
    }

    /// Names of random octets end where a reader that keeps every label says.
    @Test func agreesWithANaiveReader() {
        var generator = SplitMix64(seed: 1035)
        var ended = 0
        for _ in 0..<50_000 {
            let message = (0..<48).map { _ in
                // Mostly small numbers: lengths, zeros and pointers near by.
                let octet = UInt8.random(in: 0...255, using: &generator)
                return octet < 200 ? octet & 7 : octet < 240 ? 0xc0 : octet
            }
            let start = Int.random(in: 12..<48, using: &generator)
            let end = naiveEnd(message, from: start)
            if end != nil { ended += 1 }
            #expect((try? nameEnd(message, from: start).get()) == end)
        }
        #expect((5000..<45_000).contains(ended))
    }

    /// Follows pointers backwards, each to labels that end before the ones that they continue.
    private func naiveEnd(_ message: [UInt8], from start: Int) -> Int? {
        var position = start
        var runStart = start
        var limit = message.count
        var end: Int?
        var octetsOfName = 0
        while position < limit {
            let length = Int(message[position])
            switch length {
            case 0:
                return octetsOfName + 1 <= 255 ? end ?? position + 1 : nil
            case 1..<64:
                octetsOfName += 1 + length
                position += 1 + length
            case 192...255:
                guard position + 1 < limit else { return nil }
                let target = (length - 192) * 256 + Int(message[position + 1])
                guard (12..<runStart).contains(target) else { return nil }
                end = end ?? position + 2
                position = target
                limit = runStart
                runStart = target
            default:
                return nil
            }
        }
        return nil
    }
}

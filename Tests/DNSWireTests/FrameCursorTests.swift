import DNSWire
import Testing

@Suite struct FrameCursorTests {
    private let messages: [[UInt8]] = [
        text("first"), [], [7], [UInt8](repeating: 3, count: 300), [0, 0, 0],
    ]

    private var stream: [UInt8] {
        messages.flatMap { octets(UInt16($0.count)) + $0 }
    }

    /// Where each message of `stream` ends.
    private var ends: [Int] {
        messages.reduce(into: []) { $0.append(($0.last ?? 0) + 2 + $1.count) }
    }

    private func messages(in stream: [UInt8], _ cursor: inout FrameCursor) -> [[UInt8]] {
        var found: [[UInt8]] = []
        while let range = cursor.next(in: stream.span.bytes) { found.append(Array(stream[range])) }
        return found
    }

    @Test func findsEveryMessageOfAStream() {
        var cursor = FrameCursor()
        #expect(messages(in: stream, &cursor) == messages)
        #expect(cursor.offset == stream.count)
    }

    @Test func findsNothingMoreThanIsThere() {
        for cut in 0...stream.count {
            var cursor = FrameCursor()
            let whole = ends.count { $0 <= cut }
            let found = messages(in: Array(stream.prefix(cut)), &cursor)
            #expect(found == Array(messages.prefix(whole)), "cut at \(cut)")
            #expect(cursor.offset == (whole == 0 ? 0 : ends[whole - 1]))
        }
    }

    @Test func goesOnWhereAStreamWasCut() {
        for cut in 0...stream.count {
            var cursor = FrameCursor()
            let before = messages(in: Array(stream.prefix(cut)), &cursor)
            #expect(before + messages(in: stream, &cursor) == messages, "cut at \(cut)")
        }
    }

    @Test func goesOnOctetByOctet() {
        var cursor = FrameCursor()
        var found: [[UInt8]] = []
        for count in 0...stream.count {
            found += messages(in: Array(stream.prefix(count)), &cursor)
        }
        #expect(found == messages)
    }

    @Test func announcesALengthOnceBothOctetsAreThere() {
        func announced(_ stream: [UInt8]) -> Int? {
            FrameCursor().announcedLength(in: stream.span.bytes)
        }
        #expect(announced([]) == nil)
        #expect(announced([0x12]) == nil)
        #expect(announced([0x12, 0x34]) == 0x1234)
        #expect(announced([0x12, 0x34, 0]) == 0x1234)
    }

    @Test func takesTheLongestMessage() {
        let message = [UInt8](repeating: 1, count: 65_535)
        var cursor = FrameCursor()
        #expect(messages(in: [255, 255] + message.dropLast(), &cursor) == [])
        #expect(messages(in: [255, 255] + message + [0], &cursor) == [message])
        #expect(cursor.offset == 65_537)
    }

    @Test func findsNothingInAStreamShorterThanItsPlace() {
        var cursor = FrameCursor()
        #expect(messages(in: stream, &cursor).count == messages.count)
        #expect(messages(in: [1, 2, 3], &cursor) == [])
    }
}

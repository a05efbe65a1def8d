import DNSWire

/// What must hold of any stream, however it arrives.
public enum FrameProperties {
    /// Cuts `stream` into pieces as `cuts` say and gives the property that does not hold.
    ///
    /// Each octet of `cuts` is the length of the next piece; when they end they begin again.
    public static func violation(by stream: [UInt8], cuts: [UInt8]) -> StaticString? {
        let expected = naiveMessages(in: stream)
        var cursor = FrameCursor()
        guard messages(in: stream, stream.count, &cursor) == expected else { return "in one piece" }
        cursor = FrameCursor()
        var found: [Range<Int>] = []
        var count = 0
        var piece = 0
        while count < stream.count {
            count += cuts.isEmpty ? 1 : max(1, Int(cuts[piece % cuts.count]))
            count = min(count, stream.count)
            piece += 1
            found += messages(in: stream, count, &cursor)
            guard cursor.offset <= count else { return "a place past the end" }
        }
        guard found == expected else { return "in pieces" }
        return cursor.offset == (expected.last?.upperBound ?? 0) ? nil : "the place at the end"
    }

    private static func messages(
        in stream: [UInt8], _ count: Int, _ cursor: inout FrameCursor
    ) -> [Range<Int>] {
        var found: [Range<Int>] = []
        while let range = cursor.next(in: stream.span.bytes.extracting(0..<count)) {
            found.append(range)
        }
        return found
    }

    private static func naiveMessages(in stream: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while start + 2 <= stream.count {
            let end = start + 2 + Int(stream[start]) * 256 + Int(stream[start + 1])
            guard end <= stream.count else { break }
            found.append((start + 2)..<end)
            start = end
        }
        return found
    }
}

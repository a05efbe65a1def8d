/// Cuts a file that comes in pieces into lines without their comments and outer blanks.
struct LineSplitter {
    private var rest: [UInt8] = []
    /// Whether the line at hand is too long, so that what comes of it is left out.
    private var isOverlong = false
    private var number = 0

    /// Takes the next piece and hands out each line that is complete, with its number.
    ///
    /// A line that is too long comes as `nil`, an empty one not at all.
    mutating func feed(_ piece: ArraySlice<UInt8>, _ body: (Int, ArraySlice<UInt8>?) -> Void) {
        var start = piece.startIndex
        while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if rest.isEmpty, !isOverlong {
                close(piece[start..<end], body)
            } else {
                keep(piece[start..<end])
                close(rest[...], body)
                rest.removeAll(keepingCapacity: true)
            }
            start = end + 1
        }
        keep(piece[start...])
    }

    /// Hands out the last line if it has no end.
    mutating func finish(_ body: (Int, ArraySlice<UInt8>?) -> Void) {
        guard !rest.isEmpty || isOverlong else { return }
        close(rest[...], body)
        rest.removeAll()
    }

    private mutating func keep(_ part: ArraySlice<UInt8>) {
        isOverlong = isOverlong || rest.count + part.count > PolicyLimits.lineLength
        if isOverlong { rest.removeAll(keepingCapacity: true) } else { rest += part }
    }

    private mutating func close(
        _ line: ArraySlice<UInt8>, _ body: (Int, ArraySlice<UInt8>?) -> Void
    ) {
        number += 1
        if isOverlong || line.count > PolicyLimits.lineLength {
            isOverlong = false
            return body(number, nil)
        }
        let text = line.prefix { $0 != UInt8(ascii: "#") }
        let words = text.trimmingBlanks()
        if !words.isEmpty { body(number, words) }
    }
}

extension ArraySlice<UInt8> {
    /// Without blanks at either end; a carriage return is one.
    fileprivate func trimmingBlanks() -> ArraySlice<UInt8> {
        var text = self
        while let octet = text.first, octet.isBlank { text.removeFirst() }
        while let octet = text.last, octet.isBlank { text.removeLast() }
        return text
    }

    /// Takes the first word, and the blanks behind it.
    mutating func popWord() -> ArraySlice<UInt8>? {
        guard !isEmpty else { return nil }
        let word = prefix { !$0.isBlank }
        self = self[word.endIndex...].drop(while: \.isBlank)
        return word
    }

    /// The text for a message: cut, and without what a terminal would take for a command.
    var quoted: String {
        let text = String(
            decoding: prefix(60).map { (0x20...0x7e).contains($0) ? $0 : 0x3f }, as: UTF8.self)
        return count > 60 ? "'\(text)...'" : "'\(text)'"
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
}

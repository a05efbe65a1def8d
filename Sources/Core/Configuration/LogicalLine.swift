/// A line of a file as it is meant: with its continuations joined, comments and blanks left out.
struct LogicalLine: Equatable {
    /// Where a part of the text stands in the file.
    private struct Piece: Equatable {
        let offset: Int
        let line: Int
        let column: Int
    }

    private(set) var bytes: [UInt8] = []
    private var pieces: [Piece] = []
    /// Whether the line went on after `Limits.lineLength` octets; the rest of it is not kept.
    private(set) var isTooLong = false

    /// The line, from 1, and the octet in it, from 1, of the octet at `offset`.
    func position(of offset: Int) -> (line: Int, column: Int) {
        guard let piece = pieces.last(where: { $0.offset <= offset }) else { return (1, 1) }
        return (piece.line, piece.column + offset - piece.offset)
    }

    fileprivate mutating func append(_ part: ArraySlice<UInt8>, line: Int, column: Int) {
        guard !isTooLong, bytes.count + part.count <= Limits.lineLength else {
            isTooLong = true
            if pieces.isEmpty { pieces.append(Piece(offset: 0, line: line, column: 1)) }
            return
        }
        pieces.append(Piece(offset: bytes.count, line: line, column: column))
        bytes += part
    }

    fileprivate mutating func appendSpace() {
        if !isTooLong { bytes.append(UInt8(ascii: " ")) }
    }
}

/// The logical lines of a file, as systemd.syntax(7) joins them.
///
/// A backslash at the end of a line stands for a space and joins the next line; comment lines in
/// between are skipped. An even number of backslashes ends the line.
struct LogicalLines: Sequence, IteratorProtocol {
    private var rest: ArraySlice<UInt8>
    private var lineNumber = 0

    init(_ bytes: [UInt8]) {
        // Editors of another platform put a byte order mark in front of UTF-8.
        rest = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    }

    mutating func next() -> LogicalLine? {
        var logical = LogicalLine()
        while let physical = nextPhysical() {
            let text = physical.trimmingFirstBlanks()
            if text.isComment { continue }
            let column = text.startIndex - physical.startIndex + 1
            if text.endsInContinuation {
                logical.append(text.dropLast(), line: lineNumber, column: column)
                logical.appendSpace()
                continue
            }
            logical.append(text, line: lineNumber, column: column)
            if logical.isWorthReading { return logical }
            logical = LogicalLine()
        }
        return logical.isWorthReading ? logical : nil
    }

    /// The next line of the file without its end, LF or CR LF.
    private mutating func nextPhysical() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
        let line = rest[..<end]
        rest = rest[end...].dropFirst()
        lineNumber += 1
        return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }
}

extension LogicalLine {
    fileprivate var isWorthReading: Bool { isTooLong || !bytes.allSatisfy(\.isBlank) }
}

extension ArraySlice<UInt8> {
    /// The rest without the spaces and tabs in front.
    func trimmingFirstBlanks() -> Self { drop(while: \.isBlank) }

    /// The rest without the spaces and tabs at either end.
    func trimmingBlanks() -> Self {
        let front = trimmingFirstBlanks()
        let end = front.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? front.startIndex
        return front[..<end]
    }

    fileprivate var isComment: Bool {
        first == UInt8(ascii: "#") || first == UInt8(ascii: ";")
    }

    fileprivate var endsInContinuation: Bool {
        let backslashes = reversed().prefix { $0 == UInt8(ascii: "\\") }.count
        return !backslashes.isMultiple(of: 2)
    }
}

extension UInt8 {
    /// A space or a tab.
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    /// A control character that no value needs: all but the tab.
    var isControl: Bool { (self < 0x20 && self != UInt8(ascii: "\t")) || self == 0x7f }
}

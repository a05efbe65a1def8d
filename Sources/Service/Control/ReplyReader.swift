/// Puts a reply together from the pieces in which it comes.
struct ReplyReader {
    /// The first line, once it has come.
    private(set) var reply: ControlReply?
    /// Whether the lone dot has come.
    private(set) var isComplete = false
    /// The beginning of a line.
    private var rest: [UInt8] = []

    /// Takes a piece and gives the lines to show that are whole with it, each with its end.
    mutating func take(_ piece: ArraySlice<UInt8>) -> String {
        rest += piece
        var shown: [UInt8] = []
        var start = 0
        while !isComplete, let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            take(line: rest[start..<end], into: &shown)
            start = end + 1
        }
        rest.removeFirst(start)
        return String(decoding: shown, as: UTF8.self)
    }

    private mutating func take(line: ArraySlice<UInt8>, into shown: inout [UInt8]) {
        guard reply != nil else {
            reply = Self.heading(String(decoding: line, as: UTF8.self))
            return
        }
        let isDotted = line.first == UInt8(ascii: ".")
        isComplete = isDotted && line.count == 1
        guard !isComplete else { return }
        shown += isDotted ? line.dropFirst() : line
        shown.append(UInt8(ascii: "\n"))
    }

    private static func heading(_ line: String) -> ControlReply {
        let parts = line.split(separator: " ", maxSplits: 1)
        let words = parts.dropFirst().first.map { String($0) } ?? ""
        return ControlReply(isSuccess: parts.first == "OK", words: words)
    }
}

internal import NetAddress

/// What is wrong with a value, and where in it.
struct ValueProblem: Error, Equatable {
    /// The octet of the value, from 0.
    var offset = 0
    let message: String
    var hint: String?
}

/// How values of one type are read and written.
struct ValueFormat<Value: Sendable>: Sendable {
    /// What the value is, in one or two words: `duration`.
    let name: String
    /// Reads a value that is not empty and has no blanks around it.
    let read: @Sendable (String) throws(ValueProblem) -> Value
    /// Writes a value so that `read` gives it back.
    let write: @Sendable (Value) -> String
}

extension ValueFormat where Value == Int {
    /// A number in `range`; `K`, `M` and `G` behind it count 1024, 1024² and 1024³.
    static func number(_ range: ClosedRange<Int>) -> Self {
        ValueFormat(name: "number") { text throws(ValueProblem) in
            guard let value = number(from: text), range.contains(value) else {
                throw ValueProblem(
                    message: "expected a number from \(range.lowerBound) to \(range.upperBound), "
                        + "found \(text.quoted)")
            }
            return value
        } write: {
            String($0)
        }
    }

    /// A number of octets in `range`, written with the largest unit that leaves no rest.
    static func size(_ range: ClosedRange<Int>) -> Self {
        ValueFormat(name: "size", read: number(range).read) { size in
            for (unit, shift) in [("G", 30), ("M", 20), ("K", 10)]
            where size > 0 && size.isMultiple(of: 1 << shift) {
                return "\(size >> shift)\(unit)"
            }
            return String(size)
        }
    }

    private static func number(from text: String) -> Int? {
        let shift =
            switch text.last {
            case "K": 10
            case "M": 20
            case "G": 30
            default: 0
            }
        let digits = shift == 0 ? text[...] : text.dropLast()
        guard digits.isDigits, let count = Int(digits) else { return nil }
        let (value, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
        return overflow ? nil : value
    }
}

extension ValueFormat where Value == Bool {
    /// A boolean with the words of systemd.syntax(7).
    static let boolean = ValueFormat(name: "boolean") { text throws(ValueProblem) in
        switch text.lowercased() {
        case "1", "yes", "y", "true", "t", "on": return true
        case "0", "no", "n", "false", "f", "off": return false
        default:
            throw ValueProblem(message: "expected 'yes' or 'no', found \(text.quoted)")
        }
    } write: {
        $0 ? "yes" : "no"
    }
}

extension ValueFormat where Value == WorkerCount {
    /// `auto` or a number of threads.
    static let workers = ValueFormat(name: "'auto' or number") { text throws(ValueProblem) in
        if text == "auto" { return .automatic }
        do throws(ValueProblem) {
            return .count(try ValueFormat<Int>.number(1...64).read(text))
        } catch {
            throw ValueProblem(
                message: "expected 'auto' or a number from 1 to 64, found \(text.quoted)")
        }
    } write: {
        switch $0 {
        case .automatic: "auto"
        case .count(let count): String(count)
        }
    }
}

extension ValueFormat {
    /// One of a few words.
    static func word(_ words: [(word: String, value: Value)]) -> Self where Value: Equatable {
        let known = words.map(\.word)
        let table = words.map { (word: $0.word, value: $0.value) }
        return ValueFormat(name: known.joined(separator: "|")) { text throws(ValueProblem) in
            if let match = table.first(where: { $0.word == text }) { return match.value }
            throw ValueProblem(
                message: "expected \(known.map { "'\($0)'" }.joined(separator: ", ")), "
                    + "found \(text.quoted)",
                hint: Suggestion.nearest(to: text, among: known).map { "did you mean '\($0)'?" })
        } write: { value in
            table.first { $0.value == value }?.word ?? ""
        }
    }
}

extension ValueFormat where Value == String {
    /// The absolute path of a file, which may not hold what could not be written back.
    static let path = ValueFormat(name: "path") { text throws(ValueProblem) in
        guard text.hasPrefix("/") else {
            throw ValueProblem(message: "expected an absolute path, found \(text.quoted)")
        }
        guard text.utf8.count <= Limits.pathLength else {
            throw ValueProblem(message: "the path is over \(Limits.pathLength) octets long")
        }
        guard !text.hasSuffix("\\") else {
            throw ValueProblem(message: "a path may not end in a backslash")
        }
        return text
    } write: {
        $0
    }
}

extension StringProtocol {
    /// Whether this is one decimal digit or more.
    var isDigits: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }

    /// The text in quotes and cut to what fits a message.
    ///
    /// Control characters never get this far: the parser refuses them in every value.
    var quoted: String {
        let start = prefix(Limits.quotedLength)
        return start.endIndex == endIndex ? "'\(start)'" : "'\(start)...'"
    }
}

/// Something in a scenario that did not go as written, or is not written as it should be.
struct Violation: Error {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}

/// One line of a scenario, taken word by word.
///
/// Words are parted by blanks; a part in double quotes keeps its blanks. `key=value` words and
/// flags may stand anywhere after the words whose order counts. Every word must be taken.
struct Statement {
    let line: Int
    private var words: [String]

    /// Takes a line; `nil` when it says nothing.
    init?(_ text: String, line: Int) {
        self.line = line
        words = Self.split(text)
        guard !words.isEmpty else { return nil }
    }

    /// Takes the next word.
    mutating func next(_ what: String) throws(Violation) -> String {
        guard !words.isEmpty else { throw Violation("\(what) is missing") }
        return words.removeFirst()
    }

    /// Takes the next word if it is one without `=`, as those are whose order counts.
    mutating func nextPlain() -> String? {
        guard let word = words.first, !word.contains("=") else { return nil }
        return words.removeFirst()
    }

    /// Takes `name` if it is there.
    mutating func flag(_ name: String) -> Bool {
        guard let index = words.firstIndex(of: name) else { return false }
        words.remove(at: index)
        return true
    }

    /// Takes the value of `key=value` if it is there.
    mutating func value(_ key: String) -> String? {
        guard let index = words.firstIndex(where: { $0.hasPrefix(key + "=") }) else { return nil }
        return String(words.remove(at: index).dropFirst(key.count + 1))
    }

    /// Takes the value of `key=value` as a number, decimal or with 0x.
    mutating func number(_ key: String) throws(Violation) -> Int? {
        guard let text = value(key) else { return nil }
        return try Self.parseNumber(text)
    }

    /// Throws when words are left that nobody took.
    func finish() throws(Violation) {
        guard words.isEmpty else {
            throw Violation("not understood: \(words.joined(separator: " "))")
        }
    }

    static func parseNumber(_ text: String) throws(Violation) -> Int {
        let number = text.hasPrefix("0x") ? Int(text.dropFirst(2), radix: 16) : Int(text)
        guard let number, number >= 0 else { throw Violation("\(text) is not a number") }
        return number
    }

    private static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        var isWord = false
        for character in text {
            if character == ";", !isQuoted { break }
            if character == "\"" {
                isQuoted.toggle()
                isWord = true
            } else if character.isWhitespace, !isQuoted {
                if isWord { words.append(word) }
                word = ""
                isWord = false
            } else {
                word.append(character)
                isWord = true
            }
        }
        return isWord ? words + [word] : words
    }
}

/// Reads lists of names that are not to be resolved, one after the other.
///
/// Two formats, which may be mixed: names alone, which stand for all names below as well, and
/// lines as in hosts(5) with an address that leads nowhere, which stand for themselves. A line
/// that makes no sense is told and left out; the rest counts.
public struct FilterListReader {
    /// What was found in the list at hand.
    public private(set) var problems = LineProblems()
    /// Lines of the list at hand that named something.
    public private(set) var nameCount = 0
    private var names: NameFilterBuilder
    private var lines = LineSplitter()

    public init(adding names: consuming NameFilterBuilder) {
        self.names = names
    }

    /// Gives the names of all lists.
    public consuming func finish() -> NameFilterBuilder { names }

    /// Takes the next piece of a list.
    public mutating func feed(_ piece: ArraySlice<UInt8>) {
        var lines = lines
        lines.feed(piece) { number, line in take(line, number) }
        self.lines = lines
    }

    /// Takes the end of a list and gives what was wrong with it; another one may follow.
    public mutating func endList() -> (names: Int, problems: LineProblems) {
        var lines = lines
        lines.finish { number, line in take(line, number) }
        self.lines = LineSplitter()
        defer {
            problems = LineProblems()
            nameCount = 0
        }
        return (nameCount, problems)
    }

    private mutating func take(_ line: ArraySlice<UInt8>?, _ number: Int) {
        guard var rest = line, let first = rest.popWord() else {
            return problems.note(
                number, "the line is over \(PolicyLimits.lineLength) octets long")
        }
        // How some lists begin a comment.
        guard first.first != UInt8(ascii: "!") else { return }
        if rest.isEmpty { return takeDomain(first, number) }
        guard Self.leadsNowhere(first) else {
            return problems.note(
                number, "expected a name, or 0.0.0.0 and names, found \(first.quoted)")
        }
        while let word = rest.popWord() { takeHost(word, number) }
    }

    /// A name, or `*.` and a name; both mean the same.
    private mutating func takeDomain(_ word: ArraySlice<UInt8>, _ number: Int) {
        let name = word.starts(with: Array("*.".utf8)) ? word.dropFirst(2) : word
        add(name, number, subtree: true)
    }

    /// Lists in the format of hosts(5) repeat what such a file begins with: single labels.
    private mutating func takeHost(_ word: ArraySlice<UInt8>, _ number: Int) {
        guard word.contains(UInt8(ascii: ".")), !Self.leadsNowhere(word) else { return }
        add(word, number, subtree: false)
    }

    private mutating func add(_ name: ArraySlice<UInt8>, _ number: Int, subtree: Bool) {
        guard names.count < PolicyLimits.filterNames else {
            return problems.note(
                number, "names beyond \(PolicyLimits.filterNames) are left out")
        }
        guard !Self.isNumeric(name), names.block(name, subtree: subtree) else {
            return problems.note(number, "\(name.quoted) is no name")
        }
        nameCount += 1
    }

    /// Whether what should be a name is an IPv4 address.
    private static func isNumeric(_ text: ArraySlice<UInt8>) -> Bool {
        text.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    }

    private static func leadsNowhere(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count <= 9, let first = text.first, first <= UInt8(ascii: ":") else {
            return false
        }
        return nowhere.contains { text.elementsEqual($0) }
    }

    private static let nowhere = ["0.0.0.0", "127.0.0.1", "::", "::1"].map { Array($0.utf8) }
}

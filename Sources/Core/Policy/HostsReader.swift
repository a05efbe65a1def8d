internal import NetAddress

/// Reads a file in the format of hosts(5).
///
/// A line that makes no sense is told and left out; the rest counts.
public struct HostsReader {
    /// One line: an address, and the names of the host that has it, the official one first.
    struct Entry: Equatable {
        let address: IPAddress
        let names: [FoldedName]
    }

    private(set) var entries: [Entry] = []
    public private(set) var problems = LineProblems()
    private var nameCount = 0
    private var lines = LineSplitter()

    public init() {}

    /// Takes the next piece of the file.
    public mutating func feed(_ piece: ArraySlice<UInt8>) {
        var lines = lines
        lines.feed(piece) { number, line in take(line, number) }
        self.lines = lines
    }

    /// Takes the end of the file.
    public mutating func finish() {
        var lines = lines
        lines.finish { number, line in take(line, number) }
        self.lines = lines
    }

    private mutating func take(_ line: ArraySlice<UInt8>?, _ number: Int) {
        guard var rest = line, let first = rest.popWord() else {
            return problems.note(
                number, "the line is over \(PolicyLimits.lineLength) octets long")
        }
        // An interface behind an IPv6 address means nothing to whoever asks.
        let text = String(decoding: first.prefix { $0 != UInt8(ascii: "%") }, as: UTF8.self)
        guard let address = IPAddress(text) else {
            return problems.note(number, "expected an address, found \(first.quoted)")
        }
        var names: [FoldedName] = []
        while let word = rest.popWord() {
            guard let name = FoldedName(utf8: word), name != .root else {
                problems.note(number, "\(word.quoted) is no host name")
                continue
            }
            guard nameCount < PolicyLimits.hostsNames else {
                problems.note(number, "names beyond \(PolicyLimits.hostsNames) are left out")
                break
            }
            nameCount += 1
            names.append(name)
        }
        if !names.isEmpty {
            entries.append(Entry(address: address, names: names))
        } else if rest.isEmpty, problems.first.last?.line != number {
            problems.note(number, "there is no name behind the address")
        }
    }
}

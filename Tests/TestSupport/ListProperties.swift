import DNSWire
import Policy

/// What must hold of any hosts file and any list, however it arrives.
public enum ListProperties {
    /// What was found in a file.
    private struct Found: Equatable {
        var names: Int
        var problems: LineProblems
    }

    /// Reads `file` as both, whole and in pieces as `cuts` say, and gives the property that does
    /// not hold.
    ///
    /// Each octet of `cuts` is the length of the next piece; when they end they begin again.
    public static func violation(by file: [UInt8], cuts: [UInt8]) -> StaticString? {
        let lines = file.count { $0 == UInt8(ascii: "\n") } + 1
        let hosts = readHosts([file[...]])
        guard hosts == readHosts(pieces(of: file, cuts)) else { return "hosts in pieces" }
        // Each word may be wrong by itself.
        guard hosts.problems.count <= file.count else { return "problems of hosts" }
        guard hosts.problems.first.allSatisfy({ (1...lines).contains($0.line) }) else {
            return "lines of hosts"
        }
        let (list, filter) = readList([file[...]])
        guard list == readList(pieces(of: file, cuts)).0 else { return "a list in pieces" }
        guard list.problems.first.allSatisfy({ (1...lines).contains($0.line) }) else {
            return "lines of a list"
        }
        guard filter.count <= list.names else { return "names out of nothing" }
        return blocksAll(file, filter) ? nil : "a name on the list is resolved"
    }

    private static func readHosts(_ pieces: [ArraySlice<UInt8>]) -> Found {
        var reader = HostsReader()
        for piece in pieces { reader.feed(piece) }
        reader.finish()
        let names = LocalNamesSource().makeNames(reader, seed: (1, 2))
        return Found(names: names.count, problems: reader.problems)
    }

    private static func readList(_ pieces: [ArraySlice<UInt8>]) -> (Found, NameFilter) {
        var reader = FilterListReader(adding: NameFilterBuilder(seed: (1, 2)))
        for piece in pieces { reader.feed(piece) }
        let (names, problems) = reader.endList()
        let filter = reader.finish().finish(answer: .nameError)
        return (Found(names: names, problems: problems), filter)
    }

    private static func pieces(of file: [UInt8], _ cuts: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = file[...]
        while !rest.isEmpty {
            let length = cuts.isEmpty ? 1 : max(1, Int(cuts[pieces.count % cuts.count]))
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return pieces
    }

    /// Whether lines that are a name of letters and dots, and nothing else, are not resolved.
    private static func blocksAll(_ file: [UInt8], _ filter: NameFilter) -> Bool {
        file.split(separator: UInt8(ascii: "\n")).allSatisfy { line in
            let labels = line.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            let isName = labels.allSatisfy { label in
                (1...63).contains(label.count)
                    && label.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            }
            guard isName, line.count <= 253 else { return true }
            let name = labels.flatMap { [UInt8($0.count)] + $0 }
            return isBlocked(name + [0, 0, 1, 0, 1], filter)
        }
    }

    private static func isBlocked(_ question: [UInt8], _ filter: NameFilter) -> Bool {
        let reply = Reply(
            id: 1, flags: .recursionDesired, hasEDNS: true,
            dnssecOK: false, sizeLimit: 1232, payloadSize: 1232, keepalive: nil)
        let answer = written(capacity: 1232) { room in
            filter.answer(question.span.bytes, as: reply, into: &room) ?? 0
        }
        return !answer.isEmpty
    }
}

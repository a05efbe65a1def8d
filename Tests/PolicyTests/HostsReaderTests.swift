import NetAddress
import TestSupport
import Testing

@testable import Policy

@Suite struct HostsReaderTests {
    private static func read(_ text: String, piece: Int = .max) -> HostsReader {
        var reader = HostsReader()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            reader.feed(rest.prefix(piece))
            rest = rest.dropFirst(piece)
        }
        reader.finish()
        return reader
    }

    @Test func readsWhatDebianWrites() {
        let reader = Self.read(
            """
            127.0.0.1\tlocalhost
            127.0.1.1\tBox.example.org box   # this machine

            # The following lines are desirable for IPv6 capable hosts
            ::1     localhost ip6-localhost ip6-loopback\r
              ff02::1 ip6-allnodes
            """)
        #expect(reader.problems.count == 0)
        #expect(
            reader.entries == [
                .init(address: address("127.0.0.1"), names: [name("localhost")]),
                .init(
                    address: address("127.0.1.1"), names: [name("box.example.org"), name("box")]),
                .init(
                    address: address("::1"),
                    names: ["localhost", "ip6-localhost", "ip6-loopback"].map(name)),
                .init(address: address("ff02::1"), names: [name("ip6-allnodes")]),
            ])
    }

    @Test func tellsBadLinesAndKeepsTheRest() {
        let reader = Self.read(
            "10.0.0.1 a\nhost 10.0.0.2\n10.0.0.3\n10.0.0.4 b ca\u{1b}fe c..d e\n"
                + String(repeating: "x", count: 2000) + "\n10.0.0.5 f")
        #expect(reader.entries.flatMap(\.names) == ["a", "b", "e", "f"].map(name))
        #expect(
            reader.problems.first == [
                .init(line: 2, message: "expected an address, found 'host'"),
                .init(line: 3, message: "there is no name behind the address"),
                .init(line: 4, message: "'ca?fe' is no host name"),
                .init(line: 4, message: "'c..d' is no host name"),
                .init(line: 5, message: "the line is over 1024 octets long"),
            ])
    }

    @Test func countsProblemsBeyondThoseThatItTells() {
        let reader = Self.read(String(repeating: "nonsense here\n", count: 1000))
        #expect(reader.problems.count == 1000)
        #expect(reader.problems.first.count == PolicyLimits.problems)
    }

    @Test func readsTheSameInPiecesOfAnySize() {
        let text = "10.0.0.1 a b\n\n# c\n10.0.0.2 d\nbad line\n10.0.0.3 e f"
        let whole = Self.read(text)
        #expect(whole.entries.count == 3)
        for piece in 1...20 {
            let pieces = Self.read(text, piece: piece)
            #expect(pieces.entries == whole.entries)
            #expect(pieces.problems == whole.problems)
        }
    }

    @Test func stopsAtTheBound() {
        let names = PolicyLimits.hostsNames
        let text = (0..<(names / 64 + 10)).map { line in
            "10.0.0.1 " + (0..<64).map { "n\(line)-\($0)" }.joined(separator: " ")
        }.joined(separator: "\n")
        let reader = Self.read(text)
        #expect(reader.entries.reduce(0) { $0 + $1.names.count } == names)
        #expect(reader.problems.count == 10)
    }

    @Test func leavesOutTheInterface() {
        #expect(Self.read("fe80::1%eth0 printer").entries.first?.address == address("fe80::1"))
    }
}

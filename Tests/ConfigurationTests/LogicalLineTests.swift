import Testing

@testable import Configuration

@Suite struct LogicalLineTests {
    @Test(arguments: [
        ("", []),
        ("\n \n\t\n", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("\u{feff}a", ["a"]),
        ("# a\n ; b\nc", ["c"]),
        ("# a \\\nb", ["b"]),
        ("  a b  \n", ["a b  "]),
        ("a\\\nb", ["a b"]),
        ("a\\\r\nb", ["a b"]),
        ("a\\\n# b\n;c\\\n  d\ne", ["a d", "e"]),
        ("a\\\n\nb", ["a ", "b"]),
        ("a\\\\\nb", ["a\\\\", "b"]),
        ("a\\ \nb", ["a\\ ", "b"]),
        ("a\\", ["a "]),
        ("\\\n\\\n", []),
    ])
    func lines(text: String, expected: [String]) {
        let lines = LogicalLines(Array(text.utf8)).map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(lines == expected)
    }

    @Test func positionsPointIntoTheFile() throws {
        let lines = Array(LogicalLines(Array("\n  ab\\\n# no\n\tcd\\\nef\ng".utf8)))
        let joined = try #require(lines.first)
        #expect(joined.bytes == Array("ab cd ef".utf8))
        let positions = [0, 1, 2, 3, 4, 5, 6, 7, 8].map { joined.position(of: $0) }
        #expect(positions.map(\.line) == [2, 2, 2, 4, 4, 4, 5, 5, 5])
        #expect(positions.map(\.column) == [3, 4, 5, 2, 3, 4, 1, 2, 3])
        #expect(lines.last?.position(of: 0).line == 6)
    }

    @Test func aLineIsBoundedWithItsContinuations() {
        let part = String(repeating: "a", count: 40_000)
        let lines = Array(LogicalLines(Array("\(part)\\\n\(part)\nb".utf8)))
        #expect(lines.map(\.isTooLong) == [true, false])
        #expect(lines.first?.bytes.count == 40_001)
        #expect(lines.first?.position(of: 0).line == 1)
    }
}

import TestSupport
import Testing

@testable import Policy

@Suite struct FilterListReaderTests {
    @Test func readsBothFormatsWithTheirComments() {
        var reader = FilterListReader(adding: NameFilterBuilder(seed: (1, 2)))
        let list = """
            # Title: a list
            ! another comment
            127.0.0.1 localhost
            ::1 ip6-localhost
            0.0.0.0 0.0.0.0
            0.0.0.0 one.example # why
            :: two.example
            three.example
            *.four.example.

            """
        reader.feed(Array(list.utf8)[...])
        let found = reader.endList()
        #expect(found.names == 4)
        #expect(found.problems.count == 0)
    }

    @Test func tellsBadLinesOfEachListAndKeepsTheRest() {
        var reader = FilterListReader(adding: NameFilterBuilder(seed: (1, 2)))
        let list =
            "good.example\n||ads.example^\n192.0.2.1 a.example\n1.2.3.4\nb..c\n.\nlast.example"
        reader.feed(Array(list.utf8)[...])
        let first = reader.endList()
        #expect(first.names == 2)
        #expect(
            first.problems.first == [
                .init(line: 2, message: "'||ads.example^' is no name"),
                .init(
                    line: 3,
                    message: "expected a name, or 0.0.0.0 and names, found '192.0.2.1'"),
                .init(line: 4, message: "'1.2.3.4' is no name"),
                .init(line: 5, message: "'b..c' is no name"),
                .init(line: 6, message: "'.' is no name"),
            ])
        reader.feed(Array("wrong/\n".utf8)[...])
        let second = reader.endList()
        #expect(second.problems.first.map(\.line) == [1])
        #expect(reader.finish().count == 2)
    }

    @Test func readsTheSameInPiecesOfAnySize() {
        let list = Array("a.example\n0.0.0.0 b.example c.example\r\n#\nbad line\nd.example".utf8)
        for size in 1...12 {
            var reader = FilterListReader(adding: NameFilterBuilder(seed: (1, 2)))
            var rest = list[...]
            while !rest.isEmpty {
                reader.feed(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            let found = reader.endList()
            #expect(found.names == 4)
            #expect(found.problems.first.map(\.line) == [4])
        }
    }

    @Test func leavesOutOverlongLinesWhereverTheyAreCut() {
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 5000)
        for size in [100, 1024, 1025, 4096, 10_000] {
            var reader = FilterListReader(adding: NameFilterBuilder(seed: (1, 2)))
            var rest = (long + Array("\nb.example\n".utf8) + long)[...]
            while !rest.isEmpty {
                reader.feed(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            let found = reader.endList()
            #expect(found.names == 1)
            #expect(found.problems.first.map(\.line) == [1, 3])
        }
    }
}

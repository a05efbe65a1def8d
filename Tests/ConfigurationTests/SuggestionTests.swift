import Testing

@testable import Configuration

@Suite struct SuggestionTests {
    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("ab", "ba", 1), ("abc", "abc", 0),
        ("kitten", "sitting", 3), ("ca", "abc", 3), ("server", "sevrer", 1),
    ])
    func distance(first: String, second: String, expected: Int) {
        #expect(Suggestion.distance(Array(first.utf8), Array(second.utf8)) == expected)
        #expect(Suggestion.distance(Array(second.utf8), Array(first.utf8)) == expected)
    }

    @Test(arguments: [
        ("server", "Server"), ("Sevrer", "Server"), ("Time", "Timeout"), ("timout", "Timeout"),
        ("Servers", "Server"), ("Wholly", nil), ("", nil), ("T", nil),
        (String(repeating: "Server", count: 10), nil),
    ])
    func nearest(word: String, expected: String?) {
        #expect(Suggestion.nearest(to: word, among: ["Server", "Timeout"]) == expected)
    }
}

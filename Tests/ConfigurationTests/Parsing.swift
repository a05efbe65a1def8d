import Configuration

/// The problems of one file called `f`, as an operator reads them; empty when it is good.
func problems(_ text: String) -> [String] {
    problems(Array(text.utf8))
}

/// The problems of one file called `f`, as an operator reads them; empty when it is good.
func problems(_ bytes: [UInt8], overrides: Overrides = Overrides()) -> [String] {
    do {
        _ = try Configuration.parse([SourceFile(name: "f", bytes: bytes)], overrides: overrides)
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

/// What files with these texts, called `0`, `1` and so on, amount to.
func configuration(
    _ texts: String..., overrides: Overrides = Overrides()
) throws -> Configuration {
    try Configuration.parse(
        texts.enumerated().map { SourceFile(name: "\($0)", bytes: Array($1.utf8)) },
        overrides: overrides)
}

/// A file that lacks nothing, to add lines to.
let server = "[Upstream]\nServer=192.0.2.1\n"

extension Configuration {
    /// Reads `files` in order, then applies `overrides`; later values replace or add to earlier.
    ///
    /// All or nothing: any problem anywhere refuses the whole, and all problems are told.
    public static func parse(
        _ files: [SourceFile], overrides: Overrides = Overrides()
    ) throws(ConfigurationError) -> Configuration {
        var parser = ConfigurationParser()
        for file in files { parser.read(file) }
        for entry in overrides.entries { parser.read(entry) }
        parser.checkWhole(
            lastFile: files.last?.name,
            serversFrom: overrides.origin(section: "Upstream", key: "Server"))
        guard parser.problems.isEmpty else {
            throw ConfigurationError(
                problems: parser.problems, omittedCount: parser.omittedCount)
        }
        return parser.configuration
    }
}

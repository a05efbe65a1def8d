extension Configuration {
    /// The whole configuration in the syntax of the file; it parses to an equal value.
    public var text: String { "" }
}

extension Configuration {
    /// The whole configuration in the syntax of the file; it parses to an equal value.
    public var text: String {
        ConfigurationKey.sections.map(text(ofSection:)).joined(separator: "\n")
    }

    private func text(ofSection section: String) -> String {
        let keys = ConfigurationKey.all.filter { $0.section == section }
        return keys.reduce(into: "[\(section)]\n") { text, key in
            let values = key.values(self)
            for value in values.isEmpty ? [""] : values { text += "\(key.name)=\(value)\n" }
        }
    }
}

extension Configuration {
    /// The whole configuration in the syntax of the file; it parses to an equal value.
    public var text: String {
        ConfigurationKey.sections.flatMap { section in
            section == ConfigurationKey.routeSection
                ? routes.indices.map(text(ofRoute:)) : ["[\(section)]\n" + keys(of: section)]
        }.joined(separator: "\n")
    }

    private func text(ofRoute index: Int) -> String {
        var configuration = self
        configuration.routeIndex = index
        return routes[index].header + "\n"
            + configuration.keys(of: ConfigurationKey.routeSection)
    }

    private func keys(of section: String) -> String {
        let keys = ConfigurationKey.keys(of: section)
        return keys.reduce(into: "") { text, key in
            let values = key.values(self)
            for value in values.isEmpty ? [""] : values { text += "\(key.name)=\(value)\n" }
        }
    }
}

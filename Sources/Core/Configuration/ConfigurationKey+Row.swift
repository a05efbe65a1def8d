extension ConfigurationKey {
    /// A key that is made when it is asked for: most files assign to few, and nobody who waits for
    /// the daemon to start is to wait for the others.
    struct Row: Sendable {
        let name: String
        private let make: @Sendable (Place) -> ConfigurationKey

        init(_ name: String, _ make: @escaping @Sendable (Place) -> ConfigurationKey) {
            self.name = name
            self.make = make
        }

        /// The key, as one of a section.
        func key(in section: String) -> ConfigurationKey {
            make(Place(section: section, name: name))
        }
    }

    /// Where a key stands.
    struct Place {
        let section: String
        let name: String
    }
}

// What a key at this place may be like.
extension ConfigurationKey.Place {
    typealias Field<Value> = WritableKeyPath<Configuration, Value> & Sendable

    /// A key of which the last assignment counts.
    func scalar<Value: Sendable>(
        _ field: any Field<Value>, _ format: ValueFormat<Value>, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            section: section, name: name, form: format.name, isList: false, summary: summary,
            assign: { text, configuration throws(ValueProblem) in
                configuration[keyPath: field] = try format.read(text)
            },
            reset: { $0[keyPath: field] = Configuration.default[keyPath: field] },
            values: { [format.write($0[keyPath: field])] })
    }

    /// A key that may be without a value, and is so by default.
    func optional<Value: Sendable>(
        _ field: any Field<Value?>, _ format: ValueFormat<Value>, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            section: section, name: name, form: format.name, isList: false, summary: summary,
            assign: { text, configuration throws(ValueProblem) in
                configuration[keyPath: field] = try format.read(text)
            },
            reset: { $0[keyPath: field] = nil },
            values: { $0[keyPath: field].map { [format.write($0)] } ?? [] })
    }

    /// A key whose assignments add up to at most `limit` elements, no two of them alike.
    func list<Element: Sendable>(
        _ field: any Field<[Element]>, _ format: ValueFormat<Element>, limit: Int,
        alike: @escaping @Sendable (Element, Element) -> Bool, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            section: section, name: name, form: format.name, isList: true, summary: summary,
            assign: { text, configuration throws(ValueProblem) in
                let element = try format.read(text)
                guard !configuration[keyPath: field].contains(where: { alike($0, element) }) else {
                    throw ValueProblem(message: "\(text.quoted) is there already")
                }
                guard configuration[keyPath: field].count < limit else {
                    throw ValueProblem(message: "there may be at most \(limit) of these")
                }
                configuration[keyPath: field].append(element)
            },
            reset: { $0[keyPath: field] = [] },
            values: { $0[keyPath: field].map(format.write) })
    }
}

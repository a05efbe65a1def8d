/// One key of the configuration: its place, its meaning, and how it is read and written.
///
/// The parser, the text of the effective configuration, the man page's test and the shipped file's
/// test all go through `all`, so that a new key is a field of `Configuration` and a row there.
public struct ConfigurationKey: Sendable {
    /// The section, without brackets.
    public let section: String
    public let name: String
    /// What a value is, in a word or two.
    public let form: String
    /// Whether repeated assignments add up; of other keys the last one counts.
    public let isList: Bool
    /// What the key decides, in one sentence.
    public let summary: String

    /// Reads a value that is not empty into the configuration.
    let assign: @Sendable (String, inout Configuration) throws(ValueProblem) -> Void
    /// Puts the default back; a list becomes empty.
    let reset: @Sendable (inout Configuration) -> Void
    /// The values in `configuration`, each as one assignment would give it.
    let values: @Sendable (Configuration) -> [String]

    /// What holds without an assignment; empty for an empty list and for an unset path.
    public var defaultText: String { values(.default).joined(separator: " ") }
}

extension ConfigurationKey {
    typealias Field<Value> = WritableKeyPath<Configuration, Value> & Sendable

    /// A key of which the last assignment counts.
    static func scalar<Value: Sendable>(
        _ section: String, _ name: String, _ field: any Field<Value>, _ format: ValueFormat<Value>,
        _ summary: String
    ) -> Self {
        ConfigurationKey(
            section: section, name: name, form: format.name, isList: false, summary: summary,
            assign: { text, configuration throws(ValueProblem) in
                configuration[keyPath: field] = try format.read(text)
            },
            reset: { $0[keyPath: field] = Configuration.default[keyPath: field] },
            values: { [format.write($0[keyPath: field])] })
    }

    /// A key that may be without a value, and is so by default.
    static func optional<Value: Sendable>(
        _ section: String, _ name: String, _ field: any Field<Value?>, _ format: ValueFormat<Value>,
        _ summary: String
    ) -> Self {
        ConfigurationKey(
            section: section, name: name, form: format.name, isList: false, summary: summary,
            assign: { text, configuration throws(ValueProblem) in
                configuration[keyPath: field] = try format.read(text)
            },
            reset: { $0[keyPath: field] = nil },
            values: { $0[keyPath: field].map { [format.write($0)] } ?? [] })
    }

    /// A key whose assignments add up to at most `limit` elements, no two of them alike.
    static func list<Element: Sendable>(
        _ section: String, _ name: String, _ field: any Field<[Element]>,
        _ format: ValueFormat<Element>, limit: Int,
        alike: @escaping @Sendable (Element, Element) -> Bool, _ summary: String
    ) -> Self {
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

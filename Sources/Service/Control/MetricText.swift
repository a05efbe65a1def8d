/// Metrics as they are shown to people, to programs, and to Prometheus.
public enum MetricText {
    /// One line for each number, aligned.
    public static func plain(_ families: [MetricFamily]) -> String {
        let lines = families.flatMap { family in
            family.samples.map { (series(family, $0), $0.value.text) }
        }
        let width = lines.map(\.0.count).max() ?? 0
        return lines.map { name, value in
            "\(name)\(String(repeating: " ", count: width - name.count))  \(value)\n"
        }.joined()
    }

    /// The text format of Prometheus, version 0.0.4.
    public static func prometheus(_ families: [MetricFamily]) -> String {
        families.map { family in
            "# HELP \(family.name) \(family.help).\n# TYPE \(family.name) \(family.kind.rawValue)\n"
                + family.samples.map { "\(series(family, $0)) \($0.value.text)\n" }.joined()
        }.joined()
    }

    /// An object with a member for each metric.
    public static func json(_ families: [MetricFamily]) -> String {
        JSONValue.object(families.map { ($0.name, json($0)) }).text + "\n"
    }

    private static func json(_ family: MetricFamily) -> JSONValue {
        .object([
            ("type", .string(family.kind.rawValue)), ("help", .string(family.help)),
            (
                "samples",
                .array(
                    family.samples.map { sample in
                        let labels = sample.labels.map { ($0.0, JSONValue.string($0.1)) }
                        let suffix =
                            sample.suffix.isEmpty ? [] : [("of", sample.suffix.dropFirst())]
                        return .object(
                            suffix.map { ($0.0, .string(String($0.1))) } + [
                                ("labels", .object(labels)), ("value", .number(sample.value.text)),
                            ])
                    })
            ),
        ])
    }

    private static func series(_ family: MetricFamily, _ sample: MetricFamily.Sample) -> String {
        let labels = sample.labels.map { "\($0.0)=\"\(escaped($0.1))\"" }.joined(separator: ",")
        return family.name + sample.suffix + (labels.isEmpty ? "" : "{\(labels)}")
    }

    private static func escaped(_ text: String) -> String {
        String(
            text.map { character -> String in
                switch character {
                case "\\": "\\\\"
                case "\"": "\\\""
                case "\n": "\\n"
                default: String(character)
                }
            }.joined())
    }
}

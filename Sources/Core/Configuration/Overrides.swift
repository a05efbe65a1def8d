/// Settings from the command line and the environment, which replace those of the files.
public struct Overrides: Equatable, Sendable {
    /// The values of one key, with the option or variable that gave them.
    struct Entry: Equatable, Sendable {
        /// `--upstream` or `DOTPROXY_UPSTREAMS`, for problems.
        let origin: String
        let section: String
        let key: String
        let values: [String]
    }

    /// At most one entry for a key.
    private(set) var entries: [Entry] = []

    public init() {}

    /// The values that stand for `key` of `section` now, if any.
    public func values(section: String, key: String) -> [String]? {
        entries.first { $0.section == section && $0.key == key }?.values
    }

    /// The option or variable that gave the values that stand for `key` of `section`, if any.
    public func origin(section: String, key: String) -> String? {
        entries.first { $0.section == section && $0.key == key }?.origin
    }

    /// Makes `values` stand for `key` of `section`, instead of what an earlier call or a file said.
    ///
    /// `origin` is the option or variable they were given with. Nothing is checked here: that is
    /// done by `Configuration.parse(_:overrides:)`, which knows the keys.
    public mutating func set(section: String, key: String, to values: [String], origin: String) {
        entries.removeAll { $0.section == section && $0.key == key }
        entries.append(Entry(origin: origin, section: section, key: key, values: values))
    }
}

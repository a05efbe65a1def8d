public import DNSWire

/// Names that are answered here: the special ones, those of the hosts file, an operator's own.
///
/// Never changes, so that workers can share it; a new one takes its place.
public final class LocalNames: Sendable {
    private let table: LocalNameTable
    /// The last labels of the names: a name with another is not answered here.
    public let topLabels: TopLabels

    init(_ table: consuming LocalNameTable, topLabels: TopLabels) {
        self.table = table
        self.topLabels = topLabels
    }

    /// How many names there are, with those above them.
    public var count: Int { table.count }

    /// Writes the answer to the folded `question` as `reply` wants it and gives its length; `nil`
    /// when it is not answered here.
    public func answer(
        _ question: RawSpan, as reply: Reply, into target: inout MutableRawSpan
    ) -> Int? {
        table.answer(question, as: reply, into: &target)
    }
}

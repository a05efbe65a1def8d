/// A command line that makes no sense; the process exits with `EX_USAGE`.
public struct UsageError: Error, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

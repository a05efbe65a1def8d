/// The bytes of one configuration file, with the name that problems are reported under.
public struct SourceFile: Equatable, Sendable {
    /// The most octets that a file may have.
    public static let sizeLimit = Limits.fileSize

    public let name: String
    public let bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// A record that an operator has set, and that is answered here.
public struct LocalRecord: Hashable, Sendable {
    /// What the record says, by its type.
    public enum Data: Hashable, Sendable {
        case address(IPAddress)
        case alias(FoldedName)
        case pointer(FoldedName)
        case text([UInt8])
        case mail(preference: UInt16, FoldedName)
        case service(priority: UInt16, weight: UInt16, port: UInt16, FoldedName)
    }

    public let name: FoldedName
    /// In seconds.
    public let timeToLive: UInt32
    public let data: Data

    public init(name: FoldedName, timeToLive: UInt32, data: Data) {
        self.name = name
        self.timeToLive = timeToLive
        self.data = data
    }
}

/// What a descriptor is watched for, and what happened to it.
@frozen
public struct IOEvents: OptionSet, Sendable {
    /// The bits of `EPOLLIN` and its companions.
    public let rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public static let readable = IOEvents(rawValue: 0x1)
    public static let writable = IOEvents(rawValue: 0x4)
    /// Something is wrong with the descriptor; told without being asked for.
    public static let error = IOEvents(rawValue: 0x8)
    /// Both directions are closed; told without being asked for.
    public static let hangUp = IOEvents(rawValue: 0x10)
}

/// A query that passed every check and deserves an answer.
@frozen
public struct ClientQuery: Equatable, Sendable {
    public let id: UInt16
    /// The flags as the client set them.
    public let flags: Flags
    public let question: Question
    /// The client's OPT record, if it sent one.
    public let edns: EDNS?

    @inlinable
    public init(id: UInt16, flags: Flags, question: Question, edns: EDNS?) {
        self.id = id
        self.flags = flags
        self.question = question
        self.edns = edns
    }

    /// RD, AD and CD: the bits that mean something in a query and go upstream with it.
    @inlinable
    public var forwardedFlags: Flags {
        flags.intersection([.recursionDesired, .authenticData, .checkingDisabled])
    }
}

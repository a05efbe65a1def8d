/// A query as it goes to an upstream: our id, one question in lower case, our own OPT record.
@frozen
public struct UpstreamQuery: Sendable {
    public var id: UInt16
    /// RD, AD and CD of the client.
    public var flags: Flags
    public var dnssecOK: Bool
    /// Whether to ask how long the connection may idle (RFC 7828 section 3.2.1).
    public var asksKeepalive: Bool
    /// The multiple of octets that the query is padded to (RFC 8467 section 4.1); zero for none at
    /// all.
    public var paddingBlock: Int

    /// The UDP size in our OPT record, which means nothing over TLS but must be there.
    ///
    /// As much as fits the path to nearly every server in one piece: forged fragments are easy
    /// (RFC 9715).
    public static let payloadSize: UInt16 = 1232

    /// The longest query with `paddingBlock`: header, question, OPT, keepalive, padding.
    public static func maximumByteCount(paddingBlock: Int) -> Int {
        Header.byteCount + Question.maximumByteCount + EDNS.minimumByteCount + 4 + 4
            + max(paddingBlock, 1)
    }

    @inlinable
    public init(
        id: UInt16, flags: Flags, dnssecOK: Bool, asksKeepalive: Bool, paddingBlock: Int
    ) {
        self.id = id
        self.flags = flags
        self.dnssecOK = dnssecOK
        self.asksKeepalive = asksKeepalive
        self.paddingBlock = paddingBlock
    }

    /// Writes the query for `question` (folded name, TYPE and CLASS) and gives its length.
    ///
    /// `message` has room for `maximumByteCount(paddingBlock:)`.
    @inlinable
    public func write(question: RawSpan, into message: inout MutableRawSpan) -> Int {
        Header(id: id, flags: flags, additionalCount: 1).write(to: &message)
        message.copy(question, 0..<question.byteCount, to: Header.byteCount)
        var option = OptionWriter(
            at: Header.byteCount &+ question.byteCount, code: .noError,
            payloadSize: Self.payloadSize)
        option.begin(dnssecOK: dnssecOK, in: &message)
        if asksKeepalive { option.addKeepalive(hundredMilliseconds: nil, in: &message) }
        if paddingBlock > 0 { option.addPadding(block: paddingBlock, in: &message) }
        return option.finish(in: &message)
    }
}

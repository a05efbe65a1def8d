/// What is wrong with the messages a test server sends.
///
/// Where a client must not believe the message, its records hold the answer book's forged
/// addresses; where it may (`trailing`, `duplicated`, `enlarged`), the right ones.
public enum Distortion: Sendable, Equatable {
    case none
    case wrongID
    case wrongIDThenGood
    case wrongName
    case wrongNameThenGood
    case wrongType
    case wrongClass
    case noQuestion
    /// The QR bit says that it is a query.
    case notAResponse
    case opcode(UInt16)
    /// A frame of no octets, and then the right answer.
    case emptyFrameThenGood
    /// The length prefix promises 100 octets more than there are.
    case longFrame
    /// The length prefix announces 5 octets fewer than there are.
    case shortFrame
    /// Eleven octets: the right id and not even a header.
    case shorterThanHeader
    /// 64 random octets.
    case garbage
    /// 64 random octets after the right id.
    case garbageWithID
    /// The answer's owner is a pointer to itself.
    case compressionLoop
    /// The answer's owner points forward.
    case forwardPointer
    /// ANCOUNT counts 5 records more than there are.
    case lyingCount
    /// RDLENGTH reaches 400 octets past the record.
    case lyingDataLength
    /// Ten octets follow the last record.
    case trailing
    case duplicated
    /// TC, and no answer.
    case truncated
    case rcode(UInt16)
    /// An answer as large as a message can be.
    case enlarged
    /// TTLs of 2^32 - 1.
    case negativeTTL
    /// So many messages that nobody asked for come before every answer.
    case unsolicited(Int)
}

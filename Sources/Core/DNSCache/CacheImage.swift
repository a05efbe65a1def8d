internal import DNSWire

/// Answers in memory as a flat image, for the next process to go on with.
///
/// A header, an attachment that means nothing here, the entries and a trailer, each a multiple of
/// eight octets, all numbers in network order. Hashes are not in it: every process has its own.
///
///     header   magic 8, version 4, length of the attachment 4, seconds since 1970 at writing 8
///     entry    units 2 (never 0), key bits 1, route 1, is in the large ring 1, frequency 1,
///              length of the error 2, age 4, length of the message 4, message, error
///     trailer  units 2 (0), zeros 2, count of entries 4, checksum 8
///
/// The message of an entry is a DNS message as an upstream might have sent it, so that it can be
/// examined like one.
public enum CacheImage {
    /// The largest image that is written or read: it takes memory beside the cache.
    public static let maximumByteCount = 64 << 20

    /// `dotproxy` in ASCII.
    static let magic: (UInt32, UInt32) = (0x646f_7470, 0x726f_7879)
    static let version: UInt32 = 1
    static let headerSize = 24
    static let entryHeaderSize = 16
    static let trailerSize = 16
    static let alignment = 8

    enum Field {
        static let bits = 2
        static let route = 3
        static let isMain = 4
        static let frequency = 5
        static let errorLength = 6
        static let age = 8
        static let messageLength = 12
    }

    static func padded(_ byteCount: Int) -> Int {
        (byteCount + alignment - 1) / alignment * alignment
    }

    /// The checksum of whole words, as it stands behind them in an image.
    ///
    /// It guards against accidents alone: who can write an image can sum it up as well.
    public static func checksum(_ bytes: RawSpan) -> UInt64 {
        var checksum = ImageChecksum()
        checksum.add(bytes, 0..<bytes.byteCount)
        return checksum.value
    }
}

/// A running checksum over words of eight octets.
struct ImageChecksum {
    private(set) var value: UInt64 = 0x243f_6a88_85a3_08d3

    /// Adds a range of whole words; what is left over counts as if zeros followed.
    mutating func add(_ bytes: RawSpan, _ range: Range<Int>) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let word = CaseFolding.loadWord(
                bytes, at: offset, available: range.upperBound &- offset)
            value = KeyedHash.fold(value ^ word, 0x9e37_79b9_7f4a_7c15) &+ word
            offset &+= CacheImage.alignment
        }
    }
}

/// Why an image was not taken.
public enum CacheImageDefect: Error, Equatable, Sendable, CustomStringConvertible {
    case badLength
    case notAnImage
    case unknownVersion
    case badChecksum
    /// The clock stood later when it was written.
    case fromTheFuture
    /// So old that nothing in it can be of use.
    case tooOld
    case badEntry

    public var description: String {
        switch self {
        case .badLength: "it is cut off or too long"
        case .notAnImage: "it is something else"
        case .unknownVersion: "another version wrote it"
        case .badChecksum: "its checksum is wrong"
        case .fromTheFuture: "the clock has been set back since it was written"
        case .tooOld: "it is too old"
        case .badEntry: "it holds what is no answer"
        }
    }
}

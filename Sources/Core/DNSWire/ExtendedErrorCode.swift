/// Why an answer is what it is (RFC 8914 section 4).
@frozen
public struct ExtendedErrorCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let other = ExtendedErrorCode(rawValue: 0)
    public static let staleAnswer = ExtendedErrorCode(rawValue: 3)
    public static let staleNameErrorAnswer = ExtendedErrorCode(rawValue: 19)
    public static let cachedError = ExtendedErrorCode(rawValue: 13)
    public static let notReady = ExtendedErrorCode(rawValue: 14)
    public static let blocked = ExtendedErrorCode(rawValue: 15)
    public static let prohibited = ExtendedErrorCode(rawValue: 18)
    public static let notAuthoritative = ExtendedErrorCode(rawValue: 20)
    public static let notSupported = ExtendedErrorCode(rawValue: 21)
    public static let noReachableAuthority = ExtendedErrorCode(rawValue: 22)
    public static let networkError = ExtendedErrorCode(rawValue: 23)
    public static let invalidData = ExtendedErrorCode(rawValue: 24)
}

/// How much the cache keeps, and for how long.
public struct CacheSettings: Equatable, Sendable {
    /// Octets of memory, everything counted; zero for no cache.
    public var byteCount: Int
    /// Bounds of how long an answer is kept, in seconds.
    public var minimumTTL: UInt32
    public var maximumTTL: UInt32
    /// The bound for answers that say that there is nothing (RFC 2308 section 5).
    public var maximumNegativeTTL: UInt32
    /// How long an expired answer may still be given when no upstream answers (RFC 8767).
    public var staleSeconds: UInt32
    /// Whether answers that are asked for are fetched again before they expire.
    public var prefetches: Bool
    /// Whether an unvalidated NXDOMAIN speaks for the names below it as well (RFC 8020).
    public var cutsWithoutValidation: Bool

    public init(
        byteCount: Int = 16 << 20, minimumTTL: UInt32 = 0, maximumTTL: UInt32 = 86_400,
        maximumNegativeTTL: UInt32 = 3600, staleSeconds: UInt32 = 86_400, prefetches: Bool = true,
        cutsWithoutValidation: Bool = false
    ) {
        self.byteCount = byteCount
        self.minimumTTL = minimumTTL
        self.maximumTTL = maximumTTL
        self.maximumNegativeTTL = maximumNegativeTTL
        self.staleSeconds = staleSeconds
        self.prefetches = prefetches
        self.cutsWithoutValidation = cutsWithoutValidation
    }
}

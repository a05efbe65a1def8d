/// A set of upstreams, by their places in the pool.
@frozen
public struct UpstreamSet: Equatable, Sendable, BitwiseCopyable {
    @usableFromInline var bits: UInt64 = 0

    @inlinable
    public init() {}

    @inlinable
    public func contains(_ upstream: Int) -> Bool { bits >> UInt64(upstream) & 1 == 1 }

    @inlinable
    public mutating func insert(_ upstream: Int) { bits |= 1 << UInt64(upstream) }
}

public import NetAddress

/// What one upstream was asked and how it did, as counted by one worker or by several together.
public struct UpstreamFigures: Equatable, Sendable, BitwiseCopyable {
    /// Queries given to it, those that were also asked elsewhere included.
    public internal(set) var queries: UInt64 = 0
    /// Answers that were believed, late ones included.
    public internal(set) var answers: UInt64 = 0
    /// Failures that were held against it, and connections that came up.
    public internal(set) var failures: UInt64 = 0
    public internal(set) var connections: UInt64 = 0
    /// What half and nineteen of twenty of its last answers took; zero while none has come.
    public internal(set) var median = Interval.zero
    public internal(set) var percentile95 = Interval.zero

    public init() {}

    /// Adds what another worker has counted; times are those of the one that was answered more.
    public mutating func add(_ other: UpstreamFigures) {
        if other.answers > answers {
            (median, percentile95) = (other.median, other.percentile95)
        }
        queries &+= other.queries
        answers &+= other.answers
        failures &+= other.failures
        connections &+= other.connections
    }
}

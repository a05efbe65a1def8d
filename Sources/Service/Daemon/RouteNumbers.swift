internal import Configuration
internal import NetAddress
internal import Upstream

/// The number of each route: that of its group of upstreams, and of its answers in memory.
///
/// A route whose servers change gets a number that no answer is kept under, so that nothing of the
/// old ones is given for an answer of the new ones.
struct RouteNumbers: Equatable, Sendable {
    /// By the route's place in the configuration.
    let numbers: [UInt8]
    /// Whether numbers are used again, so that all answers have to be forgotten.
    let needsFlush: Bool
    private let servers: [[UpstreamTarget]]
    /// Every number that an answer may be kept under.
    private let used: Set<UInt8>

    init(_ routes: [RouteSettings], replacing previous: RouteNumbers? = nil) {
        servers = routes.map(\.servers)
        let kept = Self.number(routes, previous)
        if let kept {
            numbers = kept
            used = (previous?.used ?? []).union(kept)
        } else {
            numbers = routes.indices.map { UInt8($0 + 1) }
            used = Set(numbers)
        }
        needsFlush = kept == nil
    }

    /// The numbers, where there are enough that were never used.
    private static func number(
        _ routes: [RouteSettings], _ previous: RouteNumbers?
    ) -> [UInt8]? {
        var known = previous.map { Array(zip($0.servers, $0.numbers)) } ?? []
        let used = previous?.used ?? []
        var free = (1..<GroupID.bootstrap.number).filter { !used.contains($0) }[...]
        var numbers: [UInt8] = []
        for route in routes {
            if let place = known.firstIndex(where: { $0.0 == route.servers }) {
                numbers.append(known.remove(at: place).1)
            } else if let number = free.popFirst() {
                numbers.append(number)
            } else {
                return nil
            }
        }
        return numbers
    }
}

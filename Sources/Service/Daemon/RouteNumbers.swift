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
        let kept = Self.number(routes, previous, avoiding: previous?.used ?? [])
        needsFlush = kept == nil
        // What was asked along a route before is answered after all was forgotten.
        let current = Set(previous?.numbers ?? [])
        let anew = kept ?? Self.number(routes, previous, avoiding: current)
        numbers = anew ?? routes.indices.map { UInt8($0 + 1) }
        used = (needsFlush ? current : previous?.used ?? []).union(numbers)
    }

    /// The numbers, where there are enough beside those that are `used`.
    private static func number(
        _ routes: [RouteSettings], _ previous: RouteNumbers?, avoiding used: Set<UInt8>
    ) -> [UInt8]? {
        var known = previous.map { Array(zip($0.servers, $0.numbers)) } ?? []
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

internal import Configuration
internal import DNSCache
internal import Forwarder
internal import NetAddress
internal import Policy
internal import TLS
internal import Upstream

/// A configuration that has been made ready for work: files read, certificates loaded.
struct RuntimeConfiguration: Sendable {
    let configuration: Configuration
    let context: TLSContext
    /// Grows when trust changes, so that connections and tickets of before are not used.
    let trustGeneration: UInt32
    /// The addresses that are served, whether passed or bound.
    let ownEndpoints: [Endpoint]
    /// Which group each route is.
    let routeNumbers: RouteNumbers
    let clock: MachineClock
    /// The rules, with the files that they name; whoever may take the time makes them.
    var policy = PolicyRules()
    /// Where queries are told of, if they are; the supervisor makes it.
    var tap: QueryTap?

    /// Loads what `configuration` names.
    ///
    /// With the same trust as `previous`, its connections stay. `overrides` are what the command
    /// line and the environment have given, whose names are told where it was wrong.
    init(
        _ configuration: Configuration, overrides: Overrides = Overrides(),
        ownEndpoints: [Endpoint], clock: MachineClock = .system,
        replacing previous: RuntimeConfiguration? = nil
    ) throws(StartupError) {
        self.configuration = configuration
        self.ownEndpoints = ownEndpoints
        routeNumbers = RouteNumbers(
            configuration.routes, replacing: previous?.routeNumbers)
        self.clock = previous?.clock ?? clock
        let context: TLSContext
        do throws(TLSContextError) {
            context = try TLSContext(
                trust: configuration.tls.caFile.map { .file(path: $0) } ?? .system,
                minimumVersion: configuration.tls.minimumVersion == .v13 ? .v13 : .v12)
        } catch {
            let origin = overrides.origin(section: "TLS", key: "CAFile") ?? "CAFile="
            throw StartupError(.configuration, "\(origin): \(error)")
        }
        if let previous, previous.context.trustDigest == context.trustDigest,
            previous.context.minimumVersion == context.minimumVersion
        {
            self.context = previous.context
            trustGeneration = previous.trustGeneration
        } else {
            self.context = context
            trustGeneration = (previous?.trustGeneration ?? 0) &+ 1
        }
    }

    /// What is the same for every worker, and for as long as the process lives.
    var cacheSettings: CacheSettings {
        let cache = configuration.cache
        return CacheSettings(
            byteCount: cache.size, minimumTTL: cache.minimumTTL.wholeSeconds,
            maximumTTL: cache.maximumTTL.wholeSeconds,
            maximumNegativeTTL: cache.negativeMaximumTTL.wholeSeconds,
            staleSeconds: cache.serveStale.wholeSeconds, prefetches: cache.prefetch,
            cutsWithoutValidation: cache.trustNXDomain)
    }

    var forwarderSettings: ForwarderSettings {
        ForwarderSettings(
            timeout: configuration.upstream.timeout,
            paddingBlock: configuration.tls.paddingBlock,
            maximumUDPSize: configuration.listen.maximumUDPSize,
            streamIdleTimeout: configuration.listen.tcpIdleTimeout, ownEndpoints: ownEndpoints)
    }

    /// Whom queries may be sent to: those of no route, and those of each route.
    var groups: [UpstreamGroup] {
        let upstream = configuration.upstream
        var settings = GroupSettings(
            policy: UpstreamPolicy(upstream.policy),
            maximumConnections: upstream.maximumConnections,
            maximumInFlight: upstream.maximumInFlight, keepsWarm: upstream.keepWarm)
        let main = UpstreamGroup(targets: upstream.servers, settings: settings)
        settings.keepsWarm = false
        let bootstrap = UpstreamGroup(.bootstrap, servers: upstream.bootstrap)
        let routed = zip(configuration.routes, routeNumbers.numbers).map { route, number in
            settings.policy = UpstreamPolicy(route.policy)
            var group = UpstreamGroup(
                GroupID(number), targets: route.servers, settings: settings)
            group.names = route.domains
            return group
        }
        return [main, bootstrap] + routed
    }

    /// The number of the route of a folded name in wire format, zero where it has none.
    func route(of name: [UInt8]) -> UInt8 {
        var rest = name[...]
        while let length = rest.first {
            let place = configuration.routes.firstIndex { route in
                route.domains.contains { $0.octets.elementsEqual(rest) }
            }
            if let place { return routeNumbers.numbers[place] }
            guard length > 0 else { break }
            rest = rest.dropFirst(1 + Int(length))
        }
        return GroupID.main.number
    }
}

extension UpstreamPolicy {
    init(_ choice: UpstreamChoice) {
        self =
            switch choice {
            case .ordered: .ordered
            case .balance: .balance
            case .race: .race
            case .hash: .hash
            }
    }
}

internal import NetAddress

extension ConfigurationKey {
    /// Every key, in the order in which the configuration is written.
    public static var all: [ConfigurationKey] { sections.flatMap(keys) }

    /// The sections in order, without brackets.
    public static let sections = table.map(\.section)

    /// The keys of a section; none where there is no such section.
    public static func keys(of section: String) -> [ConfigurationKey] {
        rows(of: section).map { $0.key(in: section) }
    }

    /// The key of this name, if the section has one.
    static func key(_ name: String, in section: String) -> ConfigurationKey? {
        rows(of: section).first { $0.name == name }?.key(in: section)
    }

    private static func rows(of section: String) -> [Row] {
        table.first { $0.section == section }?.rows() ?? []
    }

    private static let table: [(section: String, rows: @Sendable () -> [Row])] = [
        ("Upstream", { upstream }),
        (routeSection, { route }),
        ("TLS", { tls }),
        ("Cache", { cache }),
        ("Listen", { listen }),
        ("Access", { access }),
        ("Local", { local }),
        ("Filter", { filter }),
        ("Log", { log }),
        ("Control", { control }),
    ]

    private static let upstream: [Row] = [
        Row("Server") {
            $0.list(
                \.upstream.servers, .target, limit: Limits.servers,
                alike: { $0.description == $1.description },
                "A server that is asked over TLS, and how it proves its identity.")
        },
        Row("Bootstrap") {
            $0.list(
                \.upstream.bootstrap, .server, limit: Limits.bootstrapServers,
                alike: { $0.endpoint == $1.endpoint && $0.name == $1.name },
                "A server that is asked over TLS for the addresses of the others.")
        },
        Row("Timeout") {
            $0.scalar(
                \.upstream.timeout,
                .duration(
                    .milliseconds(500)...(.milliseconds(4900)),
                    because: "programs stop waiting for an answer after 5s"),
                "The time in which every query is answered, if only with SERVFAIL.")
        },
        Row("Policy") {
            $0.scalar(
                \.upstream.policy, .word(UpstreamChoice.allCases.map { ($0.rawValue, $0) }),
                "How the server for a query is chosen.")
        },
        Row("MaxConnections") {
            $0.scalar(
                \.upstream.maximumConnections, .number(1...2),
                "The number of connections of a worker to one server.")
        },
        Row("MaxInFlight") {
            $0.scalar(
                \.upstream.maximumInFlight, .number(1...4000),
                "The number of queries under way on a connection before there is another one.")
        },
        Row("KeepWarm") {
            $0.scalar(
                \.upstream.keepWarm, .boolean,
                "Whether a connection to the first server is kept open while nobody asks.")
        },
    ]

    /// The section of which there may be many, each with names of its own in its header.
    static let routeSection = "Route"

    private static let route: [Row] = [
        Row("Server") {
            $0.list(
                \.route.servers, .routedTarget, limit: Limits.servers,
                alike: { $0.description == $1.description },
                "A server that is asked about the names of the route.")
        },
        Row("Transport") {
            $0.scalar(
                \.route.transport, .word(ServerTransport.allCases.map { ($0.rawValue, $0) }),
                "Whether the servers are asked over TLS or in the clear.")
        },
        Row("Policy") {
            $0.scalar(
                \.route.policy, .word(UpstreamChoice.allCases.map { ($0.rawValue, $0) }),
                "How the server for a query is chosen.")
        },
    ]

    private static let tls: [Row] = [
        Row("CAFile") {
            $0.optional(
                \.tls.caFile, .path,
                "The trusted authorities in PEM, instead of the system's.")
        },
        Row("MinimumVersion") {
            $0.scalar(
                \.tls.minimumVersion, .word(MinimumTLSVersion.allCases.map { ($0.rawValue, $0) }),
                "The oldest version of TLS that is spoken.")
        },
        Row("PaddingBlock") {
            $0.scalar(
                \.tls.paddingBlock, .number(1...512),
                "The size in octets to a multiple of which queries are padded.")
        },
        Row("ClockGrace") {
            $0.scalar(
                \.tls.clockGrace, .boolean,
                "Whether dates of certificates do not count while the system clock may be wrong.")
        },
    ]

    private static let cache: [Row] = [
        Row("Size") {
            $0.scalar(
                \.cache.size, .size(0...(1 << 30)),
                "The memory for answers in octets; 0 keeps none.")
        },
        Row("MinimumTTL") {
            $0.scalar(\.cache.minimumTTL, ttl, "The time for which an answer is kept at least.")
        },
        Row("MaximumTTL") {
            $0.scalar(\.cache.maximumTTL, ttl, "The time for which an answer is kept at most.")
        },
        Row("NegativeMaximumTTL") {
            $0.scalar(
                \.cache.negativeMaximumTTL, ttl,
                "The time for which it is kept at most that there is no answer.")
        },
        Row("ServeStale") {
            $0.scalar(
                \.cache.serveStale,
                .duration(.zero...(.seconds(604_800)), because: "names move within a week"),
                "The time for which an expired answer may be given when no server answers.")
        },
        Row("Prefetch") {
            $0.scalar(
                \.cache.prefetch, .boolean,
                "Whether answers in use are fetched again before they expire.")
        },
        Row("TrustNXDomain") {
            $0.scalar(
                \.cache.trustNXDomain, .boolean,
                "Whether an NXDOMAIN that is not validated speaks for the names below it as well.")
        },
        Row("PersistFile") {
            $0.optional(
                \.cache.persistFile, .path,
                "The file that answers are kept in while no process runs.")
        },
    ]

    private static let ttl = ValueFormat<Interval>.duration(
        .zero...(.seconds(604_800)), because: "names move within a week")

    private static let listen: [Row] = [
        Row("Address") {
            $0.list(
                \.listen.addresses, .listenAddress, limit: Limits.addresses, alike: ==,
                "An address to serve clients on when the service manager passes no sockets.")
        },
        Row("Workers") {
            $0.scalar(\.listen.workers, .workers, "The number of threads that serve clients.")
        },
        Row("MaximumUDPSize") {
            $0.scalar(
                \.listen.maximumUDPSize, .number(512...4096),
                "The largest answer over UDP in octets.")
        },
        Row("TCPClients") {
            $0.scalar(
                \.listen.tcpClients, .number(1...65536),
                "The number of TCP clients that a worker serves at a time.")
        },
        Row("TCPQueriesPerClient") {
            $0.scalar(
                \.listen.tcpQueriesPerClient, .number(1...1000),
                "The number of unanswered queries of one TCP client.")
        },
        Row("TCPIdleTimeout") {
            $0.scalar(
                \.listen.tcpIdleTimeout,
                .duration(
                    .seconds(1)...(.seconds(600)),
                    because: "silent clients take the place of others"),
                "The time after which a silent TCP client is disconnected.")
        },
    ]

    private static let log: [Row] = [
        Row("Level") {
            $0.scalar(
                \.log.level, .word(LogLevel.allCases.map { ($0.description, $0) }),
                "The least important messages that are logged.")
        },
        Row("QueryLog") {
            $0.scalar(
                \.log.queryLog, .word(QueryLog.allCases.map { ($0.rawValue, $0) }),
                "Where each query is logged, with its name and its client.")
        },
        Row("DnstapSocket") {
            $0.scalar(
                \.log.dnstapSocket, .path,
                "The socket of the program that reads a query log in the format dnstap.")
        },
    ]

    private static let control: [Row] = [
        Row("Socket") {
            $0.optional(
                \.control.socket, .path,
                "The control socket when the service manager passes none.")
        }
    ]
}

internal import NetAddress

extension ConfigurationKey {
    /// Every key, in the order in which the configuration is written.
    public static var all: [ConfigurationKey] { sections.flatMap(keys) }

    /// The sections in order, without brackets.
    public static let sections = [
        "Upstream", routeSection, "TLS", "Cache", "Listen", "Access", "Local", "Filter", "Log",
        "Control",
    ]

    /// The keys of a section; none where there is no such section.
    ///
    /// They are made when they are asked for first: most files assign to few sections, and nobody
    /// who waits for the daemon to start is to wait for the others.
    public static func keys(of section: String) -> [ConfigurationKey] {
        switch section {
        case "Upstream": upstream
        case routeSection: route
        case "TLS": tls
        case "Cache": cache
        case "Listen": listen
        case "Access": access
        case "Local": local
        case "Filter": filter
        case "Log": log
        case "Control": control
        default: []
        }
    }

    private static let upstream = [
        list(
            "Upstream", "Server", \.upstream.servers, .target, limit: Limits.servers,
            alike: { $0.description == $1.description },
            "A server that is asked over TLS, and how it proves its identity."),
        list(
            "Upstream", "Bootstrap", \.upstream.bootstrap, .server,
            limit: Limits.bootstrapServers,
            alike: { $0.endpoint == $1.endpoint && $0.name == $1.name },
            "A server that is asked over TLS for the addresses of the others."),
        scalar(
            "Upstream", "Timeout", \.upstream.timeout,
            .duration(
                .milliseconds(500)...(.milliseconds(4900)),
                because: "programs stop waiting for an answer after 5s"),
            "The time in which every query is answered, if only with SERVFAIL."),
        scalar(
            "Upstream", "Policy", \.upstream.policy,
            .word(UpstreamChoice.allCases.map { ($0.rawValue, $0) }),
            "How the server for a query is chosen."),
        scalar(
            "Upstream", "MaxConnections", \.upstream.maximumConnections, .number(1...2),
            "The number of connections of a worker to one server."),
        scalar(
            "Upstream", "MaxInFlight", \.upstream.maximumInFlight, .number(1...4000),
            "The number of queries under way on a connection before there is another one."),
        scalar(
            "Upstream", "KeepWarm", \.upstream.keepWarm, .boolean,
            "Whether a connection to the first server is kept open while nobody asks."),
    ]

    /// The section of which there may be many, each with names of its own in its header.
    static let routeSection = "Route"

    private static let route = [
        list(
            routeSection, "Server", \.route.servers, .routedTarget, limit: Limits.servers,
            alike: { $0.description == $1.description },
            "A server that is asked about the names of the route."),
        scalar(
            routeSection, "Transport", \.route.transport,
            .word(ServerTransport.allCases.map { ($0.rawValue, $0) }),
            "Whether the servers are asked over TLS or in the clear."),
        scalar(
            routeSection, "Policy", \.route.policy,
            .word(UpstreamChoice.allCases.map { ($0.rawValue, $0) }),
            "How the server for a query is chosen."),
    ]

    private static let tls = [
        optional(
            "TLS", "CAFile", \.tls.caFile, .path,
            "The trusted authorities in PEM, instead of the system's."),
        scalar(
            "TLS", "MinimumVersion", \.tls.minimumVersion,
            .word(MinimumTLSVersion.allCases.map { ($0.rawValue, $0) }),
            "The oldest version of TLS that is spoken."),
        scalar(
            "TLS", "PaddingBlock", \.tls.paddingBlock, .number(1...512),
            "The size in octets to a multiple of which queries are padded."),
        scalar(
            "TLS", "ClockGrace", \.tls.clockGrace, .boolean,
            "Whether dates of certificates do not count while the system clock may be wrong."),
    ]

    private static let cache = [
        scalar(
            "Cache", "Size", \.cache.size, .size(0...(1 << 30)),
            "The memory for answers in octets; 0 keeps none."),
        scalar(
            "Cache", "MinimumTTL", \.cache.minimumTTL, ttl,
            "The time for which an answer is kept at least."),
        scalar(
            "Cache", "MaximumTTL", \.cache.maximumTTL, ttl,
            "The time for which an answer is kept at most."),
        scalar(
            "Cache", "NegativeMaximumTTL", \.cache.negativeMaximumTTL, ttl,
            "The time for which it is kept at most that there is no answer."),
        scalar(
            "Cache", "ServeStale", \.cache.serveStale,
            .duration(.zero...(.seconds(604_800)), because: "names move within a week"),
            "The time for which an expired answer may be given when no server answers."),
        scalar(
            "Cache", "Prefetch", \.cache.prefetch, .boolean,
            "Whether answers in use are fetched again before they expire."),
        scalar(
            "Cache", "TrustNXDomain", \.cache.trustNXDomain, .boolean,
            "Whether an NXDOMAIN that is not validated speaks for the names below it as well."),
        optional(
            "Cache", "PersistFile", \.cache.persistFile, .path,
            "The file that answers are kept in while no process runs."),
    ]

    private static let ttl = ValueFormat<Interval>.duration(
        .zero...(.seconds(604_800)), because: "names move within a week")

    private static let listen = [
        list(
            "Listen", "Address", \.listen.addresses, .listenAddress, limit: Limits.addresses,
            alike: ==,
            "An address to serve clients on when the service manager passes no sockets."),
        scalar(
            "Listen", "Workers", \.listen.workers, .workers,
            "The number of threads that serve clients."),
        scalar(
            "Listen", "MaximumUDPSize", \.listen.maximumUDPSize, .number(512...4096),
            "The largest answer over UDP in octets."),
        scalar(
            "Listen", "TCPClients", \.listen.tcpClients, .number(1...65536),
            "The number of TCP clients that a worker serves at a time."),
        scalar(
            "Listen", "TCPQueriesPerClient", \.listen.tcpQueriesPerClient, .number(1...1000),
            "The number of unanswered queries of one TCP client."),
        scalar(
            "Listen", "TCPIdleTimeout", \.listen.tcpIdleTimeout,
            .duration(
                .seconds(1)...(.seconds(600)), because: "silent clients take the place of others"),
            "The time after which a silent TCP client is disconnected."),
    ]

    private static let log = [
        scalar(
            "Log", "Level", \.log.level, .word(LogLevel.allCases.map { ($0.description, $0) }),
            "The least important messages that are logged."),
        scalar(
            "Log", "QueryLog", \.log.queryLog,
            .word(QueryLog.allCases.map { ($0.rawValue, $0) }),
            "Where each query is logged, with its name and its client."),
        scalar(
            "Log", "DnstapSocket", \.log.dnstapSocket, .path,
            "The socket of the program that reads a query log in the format dnstap."),
    ]

    private static let control = [
        optional(
            "Control", "Socket", \.control.socket, .path,
            "The control socket when the service manager passes none.")
    ]
}

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
    public static func keys(of section: String) -> [ConfigurationKey] {
        rows(of: section).map { $0.make($0.name) }
    }

    /// The key of this name, if the section has one.
    static func key(_ name: String, in section: String) -> ConfigurationKey? {
        rows(of: section).first { $0.name == name }.map { $0.make(name) }
    }

    /// A key that is made when it is asked for: most files assign to few, and nobody who waits for
    /// the daemon to start is to wait for the others.
    struct Row: Sendable {
        let name: String
        let make: @Sendable (String) -> ConfigurationKey

        init(_ name: String, _ make: @escaping @Sendable (String) -> ConfigurationKey) {
            self.name = name
            self.make = make
        }
    }

    private static func rows(of section: String) -> [Row] {
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

    private static let upstream: [Row] = [
        Row("Server") {
            list(
                "Upstream", $0, \.upstream.servers, .target, limit: Limits.servers,
                alike: { $0.description == $1.description },
                "A server that is asked over TLS, and how it proves its identity.")
        },
        Row("Bootstrap") {
            list(
                "Upstream", $0, \.upstream.bootstrap, .server,
                limit: Limits.bootstrapServers,
                alike: { $0.endpoint == $1.endpoint && $0.name == $1.name },
                "A server that is asked over TLS for the addresses of the others.")
        },
        Row("Timeout") {
            scalar(
                "Upstream", $0, \.upstream.timeout,
                .duration(
                    .milliseconds(500)...(.milliseconds(4900)),
                    because: "programs stop waiting for an answer after 5s"),
                "The time in which every query is answered, if only with SERVFAIL.")
        },
        Row("Policy") {
            scalar(
                "Upstream", $0, \.upstream.policy,
                .word(UpstreamChoice.allCases.map { ($0.rawValue, $0) }),
                "How the server for a query is chosen.")
        },
        Row("MaxConnections") {
            scalar(
                "Upstream", $0, \.upstream.maximumConnections, .number(1...2),
                "The number of connections of a worker to one server.")
        },
        Row("MaxInFlight") {
            scalar(
                "Upstream", $0, \.upstream.maximumInFlight, .number(1...4000),
                "The number of queries under way on a connection before there is another one.")
        },
        Row("KeepWarm") {
            scalar(
                "Upstream", $0, \.upstream.keepWarm, .boolean,
                "Whether a connection to the first server is kept open while nobody asks.")
        },
    ]

    /// The section of which there may be many, each with names of its own in its header.
    static let routeSection = "Route"

    private static let route: [Row] = [
        Row("Server") {
            list(
                routeSection, $0, \.route.servers, .routedTarget, limit: Limits.servers,
                alike: { $0.description == $1.description },
                "A server that is asked about the names of the route.")
        },
        Row("Transport") {
            scalar(
                routeSection, $0, \.route.transport,
                .word(ServerTransport.allCases.map { ($0.rawValue, $0) }),
                "Whether the servers are asked over TLS or in the clear.")
        },
        Row("Policy") {
            scalar(
                routeSection, $0, \.route.policy,
                .word(UpstreamChoice.allCases.map { ($0.rawValue, $0) }),
                "How the server for a query is chosen.")
        },
    ]

    private static let tls: [Row] = [
        Row("CAFile") {
            optional(
                "TLS", $0, \.tls.caFile, .path,
                "The trusted authorities in PEM, instead of the system's.")
        },
        Row("MinimumVersion") {
            scalar(
                "TLS", $0, \.tls.minimumVersion,
                .word(MinimumTLSVersion.allCases.map { ($0.rawValue, $0) }),
                "The oldest version of TLS that is spoken.")
        },
        Row("PaddingBlock") {
            scalar(
                "TLS", $0, \.tls.paddingBlock, .number(1...512),
                "The size in octets to a multiple of which queries are padded.")
        },
        Row("ClockGrace") {
            scalar(
                "TLS", $0, \.tls.clockGrace, .boolean,
                "Whether dates of certificates do not count while the system clock may be wrong.")
        },
    ]

    private static let cache: [Row] = [
        Row("Size") {
            scalar(
                "Cache", $0, \.cache.size, .size(0...(1 << 30)),
                "The memory for answers in octets; 0 keeps none.")
        },
        Row("MinimumTTL") {
            scalar(
                "Cache", $0, \.cache.minimumTTL, ttl,
                "The time for which an answer is kept at least.")
        },
        Row("MaximumTTL") {
            scalar(
                "Cache", $0, \.cache.maximumTTL, ttl,
                "The time for which an answer is kept at most.")
        },
        Row("NegativeMaximumTTL") {
            scalar(
                "Cache", $0, \.cache.negativeMaximumTTL, ttl,
                "The time for which it is kept at most that there is no answer.")
        },
        Row("ServeStale") {
            scalar(
                "Cache", $0, \.cache.serveStale,
                .duration(.zero...(.seconds(604_800)), because: "names move within a week"),
                "The time for which an expired answer may be given when no server answers.")
        },
        Row("Prefetch") {
            scalar(
                "Cache", $0, \.cache.prefetch, .boolean,
                "Whether answers in use are fetched again before they expire.")
        },
        Row("TrustNXDomain") {
            scalar(
                "Cache", $0, \.cache.trustNXDomain, .boolean,
                "Whether an NXDOMAIN that is not validated speaks for the names below it as well.")
        },
        Row("PersistFile") {
            optional(
                "Cache", $0, \.cache.persistFile, .path,
                "The file that answers are kept in while no process runs.")
        },
    ]

    private static let ttl = ValueFormat<Interval>.duration(
        .zero...(.seconds(604_800)), because: "names move within a week")

    private static let listen: [Row] = [
        Row("Address") {
            list(
                "Listen", $0, \.listen.addresses, .listenAddress, limit: Limits.addresses,
                alike: ==,
                "An address to serve clients on when the service manager passes no sockets.")
        },
        Row("Workers") {
            scalar(
                "Listen", $0, \.listen.workers, .workers,
                "The number of threads that serve clients.")
        },
        Row("MaximumUDPSize") {
            scalar(
                "Listen", $0, \.listen.maximumUDPSize, .number(512...4096),
                "The largest answer over UDP in octets.")
        },
        Row("TCPClients") {
            scalar(
                "Listen", $0, \.listen.tcpClients, .number(1...65536),
                "The number of TCP clients that a worker serves at a time.")
        },
        Row("TCPQueriesPerClient") {
            scalar(
                "Listen", $0, \.listen.tcpQueriesPerClient, .number(1...1000),
                "The number of unanswered queries of one TCP client.")
        },
        Row("TCPIdleTimeout") {
            scalar(
                "Listen", $0, \.listen.tcpIdleTimeout,
                .duration(
                    .seconds(1)...(.seconds(600)),
                    because: "silent clients take the place of others"),
                "The time after which a silent TCP client is disconnected.")
        },
    ]

    private static let log: [Row] = [
        Row("Level") {
            scalar(
                "Log", $0, \.log.level, .word(LogLevel.allCases.map { ($0.description, $0) }),
                "The least important messages that are logged.")
        },
        Row("QueryLog") {
            scalar(
                "Log", $0, \.log.queryLog,
                .word(QueryLog.allCases.map { ($0.rawValue, $0) }),
                "Where each query is logged, with its name and its client.")
        },
        Row("DnstapSocket") {
            scalar(
                "Log", $0, \.log.dnstapSocket, .path,
                "The socket of the program that reads a query log in the format dnstap.")
        },
    ]

    private static let control: [Row] = [
        Row("Socket") {
            optional(
                "Control", $0, \.control.socket, .path,
                "The control socket when the service manager passes none.")
        }
    ]
}

internal import NetAddress

// Sections `[Route NAME...]`, of which there may be many.
extension ConfigurationParser {
    /// Begins the route of these words, or goes on with the one that has the same; false when its
    /// keys mean nothing.
    mutating func beginRoute(_ words: ArraySlice<ArraySlice<UInt8>>, _ line: LogicalLine) -> Bool {
        guard !words.isEmpty else {
            report(
                "expected the names of the route", at: 1, of: line,
                hint: "like '[Route corp.example]'")
            return false
        }
        guard let names = readNames(words, line) else { return false }
        if let known = configuration.routes.firstIndex(where: { $0.names == names }) {
            configuration.routeIndex = known
            return true
        }
        guard configuration.routes.count < Limits.routes else {
            report("there may be at most \(Limits.routes) routes", at: 0, of: line)
            return false
        }
        guard isNew(names, words, line) else { return false }
        let (number, column) = line.position(of: 0)
        routePositions.append(Position(file: file, line: number, column: column))
        configuration.routeIndex = configuration.routes.count
        var route = RouteSettings()
        route.names = names
        configuration.routes.append(route)
        return true
    }

    private mutating func readNames(
        _ words: ArraySlice<ArraySlice<UInt8>>, _ line: LogicalLine
    ) -> [RouteName]? {
        var names: [RouteName] = []
        for word in words {
            let text = String(decoding: word, as: UTF8.self)
            guard let name = RouteName(text) else {
                report(
                    "expected a domain or the prefix of addresses, found \(text.quoted)",
                    at: word.startIndex, of: line,
                    hint: "like 'corp.example', '10.0.0.0/8', or '~.' for all names")
                return nil
            }
            names.append(name)
        }
        return names
    }

    /// Whether no route has any of the names yet, the new one's own earlier words included.
    private mutating func isNew(
        _ names: [RouteName], _ words: ArraySlice<ArraySlice<UInt8>>, _ line: LogicalLine
    ) -> Bool {
        var known = Set(configuration.routes.flatMap(\.domains))
        for (name, word) in zip(names, words) {
            for domain in name.domains where !known.insert(domain).inserted {
                report("\(domain) has a route already", at: word.startIndex, of: line)
                return false
            }
        }
        guard known.count <= Limits.routedDomains else {
            report(
                "there may be at most \(Limits.routedDomains) routed domains", at: 0, of: line,
                hint: "a prefix that ends amid a label is up to 128 of them")
            return false
        }
        return true
    }

    /// Why a server cannot be spoken to in this way, and what to do; `nil` when it can.
    private static func problem(
        _ target: UpstreamTarget, _ transport: ServerTransport
    ) -> (message: String, hint: String)? {
        guard transport == .plain else { return nil }
        switch target {
        case .server(let server):
            guard server.name != nil || !server.pins.isEmpty else { return nil }
            return (
                "server \(server.endpoint.address) proves nothing in the clear",
                "leave out name and digests, or 'Transport=plain'"
            )
        case .host(let host):
            return (
                "server \(host.name) proves nothing in the clear",
                "write its address, or leave out 'Transport=plain'"
            )
        }
    }

    /// The server with the port that it has by default, and spoken to in this way.
    private static func complete(
        _ target: UpstreamTarget, _ transport: ServerTransport
    ) -> UpstreamTarget {
        guard case .server(let server) = target else { return target }
        var port = server.endpoint.port
        if port == 0 {
            port = transport == .tls ? ServerText.defaultPort : ServerText.defaultPlainPort
        }
        return .server(
            UpstreamServer(
                endpoint: Endpoint(
                    address: server.endpoint.address, port: port, scope: server.endpoint.scope),
                name: server.name, pins: server.pins, transport: transport))
    }

    /// Checks what only the whole can tell of the routes.
    mutating func checkRoutes() {
        guard problems.isEmpty else { return }
        var count = configuration.upstream.servers.count + configuration.upstream.bootstrap.count
        for (index, position) in zip(configuration.routes.indices, routePositions) {
            let route = configuration.routes[index]
            count += route.servers.count
            if let found = route.servers.lazy.compactMap({ Self.problem($0, route.transport) })
                .first
            {
                report(found.message, at: position, hint: found.hint)
                return
            }
            configuration.routes[index].servers = route.servers.map {
                Self.complete($0, route.transport)
            }
            if route.servers.isEmpty {
                report(
                    "the route has no server", at: position,
                    hint: "add 'Server=ADDRESS#NAME' below its header")
            } else if count > Limits.allServers {
                report(
                    "there may be at most \(Limits.allServers) servers in all", at: position)
                return
            }
        }
    }
}

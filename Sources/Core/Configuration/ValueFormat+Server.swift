internal import NetAddress

extension ValueFormat where Value == UpstreamServer {
    /// `address[:port][#name] [pin-sha256=BASE64 ...]`, with the port of RFC 7858 by default.
    static let server = ValueFormat(name: "server") { text throws(ValueProblem) in
        try ServerText.read(text)
    } write: {
        ServerText.write($0)
    }
}

extension ValueFormat where Value == UpstreamTarget {
    /// The same, or `name[:port] [pin-sha256=BASE64 ...]`.
    static let target = ValueFormat(name: "server") { text throws(ValueProblem) in
        try ServerText.readTarget(text)
    } write: {
        ServerText.write($0)
    }

    /// The same in a route, whose transport decides on the default port: it is zero till then.
    static let routedTarget = ValueFormat(name: "server") { text throws(ValueProblem) in
        try ServerText.readTarget(text, defaultPort: 0)
    } write: {
        ServerText.write($0)
    }
}

/// The text of upstream servers.
enum ServerText {
    /// The port of RFC 7858, and that of RFC 1035.
    static let defaultPort: UInt16 = 853
    static let defaultPlainPort: UInt16 = 53
    private static let pinPrefix = "pin-sha256="

    static func read(
        _ text: String, defaultPort: UInt16 = defaultPort
    ) throws(ValueProblem) -> UpstreamServer {
        let words = text.split { $0 == " " || $0 == "\t" }
        guard let first = words.first else { throw ValueProblem(message: "expected a server") }
        let parts = first.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let endpoint = try readEndpoint(parts[0], word: first, defaultPort)
        let name = try parts.dropFirst().first.map { part throws(ValueProblem) in
            try readName(part, offset: offset(of: part, in: text), endpoint: endpoint)
        }
        let pins = try readPins(words.dropFirst(), in: text)
        return UpstreamServer(endpoint: endpoint, name: name, pins: pins)
    }

    /// Reads a server that may be known by its name.
    ///
    /// The default port is for addresses; whoever has a name is asked over TLS.
    static func readTarget(
        _ text: String, defaultPort: UInt16 = defaultPort
    ) throws(ValueProblem) -> UpstreamTarget {
        let words = text.split { $0 == " " || $0 == "\t" }
        guard let first = words.first, let host = hostText(of: first) else {
            return .server(try read(text, defaultPort: defaultPort))
        }
        guard !first.contains("#") else {
            throw ValueProblem(
                offset: host.utf8.count, message: "the certificate must carry the name itself",
                hint: "leave out '#' and what follows, or write an address before it")
        }
        guard let name = ServerName(host),
            let port = host.endIndex == first.endIndex
                ? Self.defaultPort : UInt16(first[host.endIndex...].dropFirst()), port > 0
        else {
            throw ValueProblem(
                offset: host.utf8.count, message: "expected a port from 1 to 65535",
                hint: "without one, \(host.prefix(Limits.quotedLength)) is used with port 853")
        }
        let pins = try readPins(words.dropFirst(), in: text)
        return .host(UpstreamHost(name: name, port: port, pins: pins))
    }

    /// The host name that `word` begins with; `nil` where that is an address, or nothing.
    private static func hostText(of word: Substring) -> Substring? {
        let host = word.prefix { $0 != ":" && $0 != "#" }
        let port = word[host.endIndex...].prefix { $0 != "#" }.dropFirst()
        // Two colons make an IPv6 address, a slash behind one makes a URL.
        guard !port.contains(":"), !port.contains("/") else { return nil }
        return ServerName(host) != nil ? host : nil
    }

    static func write(_ target: UpstreamTarget) -> String {
        switch target {
        case .server(let server): write(server)
        case .host(let host): write(host)
        }
    }

    static func write(_ server: UpstreamServer) -> String {
        ([server.description] + server.pins.map { "\(pinPrefix)\($0)" }).joined(separator: " ")
    }

    static func write(_ host: UpstreamHost) -> String {
        ([host.description] + host.pins.map { "\(pinPrefix)\($0)" }).joined(separator: " ")
    }

    /// Reads the address, which starts the value.
    private static func readEndpoint(
        _ text: Substring, word: Substring, _ defaultPort: UInt16
    ) throws(ValueProblem) -> Endpoint {
        if let problem = foreignSyntax(in: word) { throw problem }
        if ServerName(text) != nil {
            throw ValueProblem(
                message: "expected an IP address, found the host name \(text.quoted)",
                hint: "this server is needed to look names up; "
                    + "write 'ADDRESS#\(text.prefix(Limits.quotedLength))'")
        }
        let endpoint = try EndpointText.read(text, offset: 0, defaultPort: defaultPort)
        let address = endpoint.address.unmapped
        guard !address.isUnspecified, !address.isMulticast, !address.isBroadcast else {
            throw ValueProblem(message: "\(endpoint.address) is no address of one host")
        }
        return endpoint
    }

    /// Recognizes `192.0.2.1@853#name` and `192.0.2.1@name`, which other forwarders read.
    private static func foreignSyntax(in word: Substring) -> ValueProblem? {
        guard let at = word.firstIndex(of: "@"), let address = IPAddress(word[..<at]) else {
            return nil
        }
        let rest = word[word.index(after: at)...]
        let port = rest.prefix { $0 != "#" }
        let offset = word[..<at].utf8.count
        guard port.isDigits else {
            return ValueProblem(
                offset: offset, message: "expected '#' before the name, found '@'",
                hint: "did you mean '\(address)#\(rest.prefix(Limits.quotedLength))'?")
        }
        let host = address.family == .v4 ? "\(address)" : "[\(address)]"
        return ValueProblem(
            offset: offset, message: "expected ':' before the port, found '@'",
            hint: "did you mean '\(host):\(rest.prefix(Limits.quotedLength))'?")
    }

    private static func readName(
        _ text: Substring, offset: Int, endpoint: Endpoint
    ) throws(ValueProblem) -> ServerName {
        if let name = ServerName(text) { return name }
        let message = "expected the host name of the certificate after '#', found \(text.quoted)"
        if IPAddress(text) != nil || text.isEmpty {
            throw ValueProblem(
                offset: offset, message: message,
                hint: "without '#' the certificate must carry the address \(endpoint.address)")
        }
        let hasPort = text.contains(":")
        throw ValueProblem(
            offset: offset, message: message, hint: hasPort ? "the port stands before '#'" : nil)
    }

    private static func readPins(
        _ words: ArraySlice<Substring>, in text: String
    ) throws(ValueProblem) -> [PublicKeyPin] {
        var pins: [PublicKeyPin] = []
        for word in words {
            let start = offset(of: word, in: text)
            guard word.hasPrefix(pinPrefix) else { throw unknownWord(word, offset: start) }
            guard let pin = PublicKeyPin(word.dropFirst(pinPrefix.count)) else {
                throw ValueProblem(
                    offset: start + pinPrefix.utf8.count,
                    message: "expected the base64 text of a SHA-256 digest, 44 characters")
            }
            guard pins.count < Limits.pins else {
                throw ValueProblem(
                    offset: start, message: "a server has at most \(Limits.pins) pins")
            }
            pins.append(pin)
        }
        return pins
    }

    private static func unknownWord(_ word: Substring, offset: Int) -> ValueProblem {
        let key = word.prefix { $0 != "=" }
        let isServer = Endpoint(word.prefix { $0 != "#" }, defaultPort: defaultPort) != nil
        let nearMiss = Suggestion.nearest(to: String(key), among: ["pin-sha256"])
        return ValueProblem(
            offset: offset, message: "expected '\(pinPrefix)', found \(word.quoted)",
            hint: isServer
                ? "every server has its own 'Server=' line"
                : nearMiss.map { "did you mean '\($0)='?" })
    }

    private static func offset(of part: Substring, in text: String) -> Int {
        text[..<part.startIndex].utf8.count
    }
}

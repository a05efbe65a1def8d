internal import NetAddress

extension ValueFormat where Value == Endpoint {
    /// An address to listen on, with a port or the default of DNS (RFC 1035 section 4.2).
    static let listenAddress = ValueFormat(name: "address[:port]") { text throws(ValueProblem) in
        let endpoint = try EndpointText.read(text[...], offset: 0, defaultPort: 53)
        guard !endpoint.address.isMulticast, !endpoint.address.isBroadcast else {
            throw ValueProblem(message: "\(endpoint.address) is no address of one host")
        }
        return endpoint
    } write: {
        $0.description
    }
}

/// The text of an address with or without a port.
enum EndpointText {
    /// Reads `text`, which starts `offset` octets into its value.
    static func read(
        _ text: Substring, offset: Int, defaultPort: UInt16
    ) throws(ValueProblem) -> Endpoint {
        let given = Endpoint(text, defaultPort: defaultPort)
        // Where the default is not known yet, it is likely this.
        let defaultPort = defaultPort == 0 ? ServerText.defaultPort : defaultPort
        guard let endpoint = given else {
            throw refusal(of: text, offset: offset, defaultPort: defaultPort)
        }
        // The colons of `2001:db8::853` belong together, so the number after them is no port.
        let address = text.dropLast("\(defaultPort)".count + 1)
        if text.first != "[", text.hasSuffix(":\(defaultPort)"), !address.hasSuffix(":"),
            IPAddress(address)?.family == .v6
        {
            throw ValueProblem(
                offset: offset,
                message: "\(text.quoted) can be read with and without a port",
                hint: "write '[\(address)]:\(defaultPort)' or '[\(text)]'")
        }
        if endpoint.address.isLinkLocal, endpoint.scope == 0 {
            throw ValueProblem(
                offset: offset,
                message: "the link-local address \(endpoint.address) needs an interface number",
                hint: "like '\(endpoint.address)%2'; 'ip link' shows the numbers")
        }
        return endpoint
    }

    /// Says what is wrong with a text that is no endpoint, the likeliest mistake first.
    private static func refusal(
        of text: Substring, offset: Int, defaultPort: UInt16
    ) -> ValueProblem {
        let message = "expected an IP address with an optional port, found \(text.quoted)"
        if let end = text.range(of: "://") {
            return ValueProblem(
                offset: offset, message: message, hint: "leave out '\(text[..<end.upperBound])'")
        }
        if let zone = text.firstIndex(of: "%"), IPAddress(text[..<zone].drop { $0 == "[" }) != nil {
            return ValueProblem(
                offset: offset + text[..<zone].utf8.count + 1,
                message: "expected the number of an interface after '%'",
                hint: "'ip link' shows the numbers")
        }
        if let colon = text.lastIndex(of: ":"), let address = bare(text[..<colon]) {
            return ValueProblem(
                offset: offset + text[...colon].utf8.count,
                message: "expected a port from 1 to 65535, "
                    + "found \(text[text.index(after: colon)...].quoted)",
                hint: "without one, \(address) is used with port \(defaultPort)")
        }
        return ValueProblem(
            offset: offset, message: message,
            hint: "like '192.0.2.1', '192.0.2.1:\(defaultPort)' or '[2001:db8::1]:\(defaultPort)'")
    }

    /// The address of `192.0.2.1` or `[2001:db8::1]`.
    private static func bare(_ text: Substring) -> IPAddress? {
        guard text.first == "[", text.last == "]" else {
            return IPAddress(text).flatMap { $0.family == .v4 ? $0 : nil }
        }
        return IPAddress(text.dropFirst().dropLast())
    }
}

extension Substring {
    /// Where `part` first stands in the text.
    fileprivate func range(of part: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) {
                return start..<index(start, offsetBy: part.count)
            }
            start = index(after: start)
        }
        return nil
    }
}

internal import NetAddress

extension ValueFormat where Value == AddressPrefix {
    /// `192.168.0.0/16`, or an address alone.
    static let prefix = ValueFormat(name: "prefix") { text throws(ValueProblem) in
        if let prefix = AddressPrefix(text) { return prefix }
        let parts = text.split(separator: "/", maxSplits: 1)
        if parts.count == 2, let address = IPAddress(parts[0]), parts[1].isDigits,
            let length = Int(parts[1]), let prefix = AddressPrefix(address, length: length)
        {
            throw ValueProblem(
                message: "\(text.quoted) has bits behind the prefix",
                hint: "did you mean '\(prefix)'?")
        }
        throw ValueProblem(
            message: "expected an address or a prefix such as 192.168.0.0/16, "
                + "found \(text.quoted)")
    } write: {
        $0.description
    }
}

extension ValueFormat where Value == FoldedName {
    /// A domain name, with or without a final dot; a dot alone is all names.
    static let domain = ValueFormat(name: "domain") { text throws(ValueProblem) in
        guard let name = FoldedName(text) else {
            throw ValueProblem(
                message: "expected a domain name, found \(text.quoted)",
                hint: text.hasPrefix("*.") ? "names below a name belong to it" : nil)
        }
        return name
    } write: {
        $0.description
    }
}

extension ValueFormat where Value == HostsFile {
    /// `yes` for `/etc/hosts`, `no`, or a path.
    static let hosts = ValueFormat(name: "boolean or path") { text throws(ValueProblem) in
        if text.hasPrefix("/") { return .path(try ValueFormat<String>.path.read(text)) }
        do throws(ValueProblem) {
            return try ValueFormat<Bool>.boolean.read(text) ? systemHosts : .none
        } catch {
            throw ValueProblem(
                message: "expected 'yes', 'no' or an absolute path, found \(text.quoted)")
        }
    } write: { file in
        switch file {
        case .none: "no"
        case systemHosts: "yes"
        case .path(let path): path
        }
    }

    private static let systemHosts = HostsFile.path("/etc/hosts")
}

import Glibc
import NetAddress

/// The forwarders that can be looked at.
enum Product: String, CaseIterable {
    case dotproxy
    case unbound
    case stubby
    case dnsdist

    /// There is no such product.
    struct Unknown: Error {
        let name: String
    }

    /// Those that `SUBJECT` names, dotproxy if it names none.
    static func chosen() throws -> [Product] {
        guard let names = environment("SUBJECT"), !names.isEmpty else { return [.dotproxy] }
        return try names.split(separator: " ").map { name in
            guard let product = Product(rawValue: String(name)) else {
                throw Unknown(name: String(name))
            }
            return product
        }
    }

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// How it is started in the foreground with this file.
    func command(_ file: String) -> String {
        switch self {
        case .dotproxy: "\(Self.environment("DOTPROXY_BINARY") ?? "dotproxy") --config \(file)"
        case .unbound: "unbound -d -c \(file)"
        case .stubby: "stubby -C \(file)"
        case .dnsdist: "dnsdist --supervised --disable-syslog -C \(file)"
        }
    }

    /// A configuration as its packages ship it, but for addresses, trust and what would not work
    /// with invented answers.
    func configuration(
        _ endpoint: Endpoint, _ upstreams: [Endpoint], name: String, authority: String,
        folder: String
    ) -> String {
        let lines = upstreams.map { upstream(at: $0, name: name, authority: authority) }.joined()
        let (address, port) = (endpoint.address, endpoint.port)
        return switch self {
        case .dotproxy:
            "[Upstream]\n\(lines)[TLS]\nCAFile=\(authority)\n[Listen]\nAddress=\(endpoint)\nWorkers=1\n"
                + "[Access]\nAllow=127.0.0.0/8\nAllow=198.51.100.4/30\n"
        case .unbound:
            """
            server:
              interface: \(address)
              port: \(port)
              access-control: 0.0.0.0/0 allow
              do-daemonize: no
              username: ""
              chroot: ""
              directory: "\(folder)"
              pidfile: ""
              use-syslog: no
              module-config: "iterator"
              do-not-query-localhost: no
              tls-cert-bundle: "\(authority)"
            remote-control:
              control-enable: no
            forward-zone:
              name: "."
              forward-tls-upstream: yes
            \(lines)
            """
        case .stubby:
            """
            resolution_type: GETDNS_RESOLUTION_STUB
            dns_transport_list:
              - GETDNS_TRANSPORT_TLS
            tls_authentication: GETDNS_AUTHENTICATION_REQUIRED
            tls_query_padding_blocksize: 128
            edns_client_subnet_private: 1
            round_robin_upstreams: 1
            idle_timeout: 10000
            tls_ca_file: "\(authority)"
            appdata_dir: "\(folder)"
            listen_addresses:
              - \(address)@\(port)
            upstream_recursive_servers:
            \(lines)
            """
        case .dnsdist:
            """
            setSecurityPollSuffix("")
            setACL({"0.0.0.0/0"})
            setLocal("\(address):\(port)")
            setServerPolicy(firstAvailable)
            \(lines)
            """
        }
    }

    private func upstream(at endpoint: Endpoint, name: String, authority: String) -> String {
        let (address, port) = (endpoint.address, endpoint.port)
        return switch self {
        case .dotproxy: "Server=\(endpoint)#\(name)\n"
        case .unbound: "  forward-addr: \(address)@\(port)#\(name)\n"
        case .stubby:
            "  - address_data: \(address)\n    tls_port: \(port)\n    tls_auth_name: \"\(name)\"\n"
        case .dnsdist:
            """
            newServer({address="\(address):\(port)", tls="openssl", subjectName="\(name)", \
            caStore="\(authority)", validateCertificates=true})\n
            """
        }
    }
}

import NetAddress
import TestServers

/// One authority for all tests, and what is made with it.
enum Fixture {
    static let authority = Result { try CertificateAuthority() }

    /// A server whose good certificate names `dot.example`, or one with a fault.
    static func server(
        _ fault: FaultMode = .ok, options: DoTServerOptions = DoTServerOptions(),
        book: AnswerBook = AnswerBook()
    ) throws -> DoTServer {
        try DoTServer(fault: fault, authority: authority.get(), options: options, book: book)
    }

    /// A server that presents a good certificate with some of it changed.
    static func server(
        presenting change: (inout CertificateRequest) -> Void
    ) throws -> DoTServer {
        let good = CertificateRequest(names: ["dot.example"], addresses: [.loopback])
        return try DoTServer(credentials: authority.get().issue(good.with(change)))
    }

    /// A configuration that keeps answers in memory.
    ///
    /// The others keep none, so that every query of a test reaches its server.
    static func caching(_ servers: [DoTServer]) throws -> String {
        try configuration(servers) + "[Cache]\nSize=1M\n"
    }

    /// A configuration that trusts the authority and names these servers.
    static func configuration(
        _ servers: [DoTServer], name: String = "#dot.example", sections: String = ""
    ) throws -> String {
        try configuration(servers.map { "\($0.endpoint)\(name)" }, sections: sections)
    }

    /// A configuration with these values of `Server=`.
    static func configuration(_ servers: [String], sections: String = "") throws -> String {
        let lines = servers.map { "Server=\($0)\n" }.joined()
        return """
            [Upstream]
            \(lines)[TLS]
            CAFile=\(try authority.get().pemFile)
            [Cache]
            Size=0
            [Log]
            Level=error
            \(sections)

            """
    }
}

import NetAddress
import TestServers

/// A forwarder under test: whatever answers plain DNS at its endpoint.
public protocol Subject: AnyObject {
    var endpoint: Endpoint { get }
    func stop()
}

/// What a row of the table works with: servers of its own making and a subject to ask them.
public struct Bench {
    public let authority: CertificateAuthority
    /// The name in the certificates, which the subject is to ask for.
    public static let name = "dot.example"
    /// Starts a subject that asks these, the first one preferred.
    let start: ([Endpoint]) throws -> any Subject
    /// A full table waits as long as the fault is described; a test waits less.
    let shortening: UInt64
    /// What a busy machine may add to times that are a matter of milliseconds.
    let slack: Interval

    public init(
        authority: CertificateAuthority, shortening: UInt64 = 1, slack: Interval = .zero,
        start: @escaping ([Endpoint]) throws -> any Subject
    ) {
        self.authority = authority
        self.shortening = shortening
        self.slack = slack
        self.start = start
    }

    func server(
        _ fault: FaultMode = .ok, options: DoTServerOptions = DoTServerOptions()
    ) throws
        -> DoTServer
    {
        try DoTServer(fault: fault, authority: authority, name: Self.name, options: options)
    }

    /// So many queries as a full table has, or fewer.
    func count(_ full: Int) -> Int { max(full / Int(shortening), 10) }

    /// The time between two queries, longer on a busy machine where more would wait at once.
    func pause(_ milliseconds: UInt64) -> Interval {
        .milliseconds(milliseconds) * (slack > .zero ? 4 : 1)
    }

    func seconds(_ full: UInt64) -> Interval {
        Interval(microseconds: full * 1_000_000 / shortening)
    }
}

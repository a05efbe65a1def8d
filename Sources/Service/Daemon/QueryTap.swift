internal import CDnstap
internal import FrameStream
internal import LinuxIO
internal import NetAddress
internal import Upstream

/// The query log as dnstap: every query and its answer, octet by octet, for a program that reads
/// them; what clients send and are sent, and what servers are.
///
/// Ends with its last reference, without anybody waiting for that.
final class QueryTap: Sendable {
    static let contentType = "protobuf:dnstap.Dnstap"

    /// A query or an answer, and who asked whom.
    struct Event {
        enum Parties {
            /// A client asks us, at this address of ours if that is known.
            case client(Endpoint, at: Endpoint?)
            /// We ask a server.
            case server(Endpoint)
        }

        enum Kind {
            case query
            /// The answer to a query that came at this time, if that is known.
            case answer(to: Timestamp?)
        }

        let kind: Kind
        let parties: Parties
        let carrier: Carrier
        /// When it came or went.
        let time: Timestamp
    }

    /// Microseconds since 1970.
    struct Timestamp: Equatable, Sendable, BitwiseCopyable {
        let microseconds: UInt64
    }

    let path: String
    private let stream: FrameStream
    private let identity: [UInt8]
    private let version: [UInt8]

    /// Begins to look for a reader at `path`; `queues` threads may tell it something.
    init(
        path: String, queues: Int, counts: FrameCounts, host: String, version: String,
        onChange: @escaping @Sendable (ReaderState) -> Void
    ) {
        self.path = path
        identity = Array(host.utf8)
        self.version = Array("dotproxy \(version)".utf8)
        stream = FrameStream(
            path: path, contentType: Self.contentType, queues: queues, counts: counts,
            onChange: onChange)
    }

    /// Hands over what waits, within bounds; nobody may tell it anything from then on.
    func close() {
        stream.close()
    }

    /// Tells of `message`; each queue belongs to one thread.
    func tell(_ event: Event, _ message: RawSpan, queue: Int) {
        var packed = unsafe cdnstap_event(event)
        var count = 0
        // All of it stays where it is until the frame is made, which is a copy.
        let frame = unsafe message.withUnsafeBytes { message in
            unsafe identity.withUnsafeBufferPointer { identity in
                unsafe version.withUnsafeBufferPointer { version in
                    unsafe packed.identity = cdnstap_octets(UnsafeRawBufferPointer(identity))
                    unsafe packed.version = cdnstap_octets(UnsafeRawBufferPointer(version))
                    unsafe packed.message = cdnstap_octets(message)
                    return unsafe cdnstap_pack(&packed, &count)
                }
            }
        }
        guard let frame = unsafe frame else { return }
        unsafe stream.submit(frame, count: count, queue: queue)
    }
}

extension cdnstap_octets {
    fileprivate init(_ octets: UnsafeRawBufferPointer) {
        unsafe self.init(start: octets.baseAddress, count: octets.count)
    }
}

extension cdnstap_time {
    fileprivate init(_ time: QueryTap.Timestamp) {
        self.init(
            seconds: time.microseconds / 1_000_000,
            nanoseconds: UInt32(time.microseconds % 1_000_000) * 1000)
    }
}

extension cdnstap_endpoint {
    fileprivate init(_ endpoint: Endpoint) {
        let address = endpoint.address
        self.init(
            high: address.high, low: address.low,
            family: UInt32(address.family == .v4 ? cdnstap_inet : cdnstap_inet6),
            port: UInt32(endpoint.port))
    }
}

extension cdnstap_event {
    /// All of it but the octets.
    fileprivate init(_ event: QueryTap.Event) {
        unsafe self.init()
        unsafe type = UInt32(Self.type(event))
        unsafe `protocol` = UInt32(Self.number(event.carrier))
        switch event.parties {
        case .client(let client, let local):
            unsafe asking = cdnstap_endpoint(client)
            if let local { unsafe asked = cdnstap_endpoint(local) }
        case .server(let server):
            unsafe asked = cdnstap_endpoint(server)
        }
        switch event.kind {
        case .query:
            unsafe query_time = cdnstap_time(event.time)
        case .answer(let asked):
            if let asked { unsafe query_time = cdnstap_time(asked) }
            unsafe response_time = cdnstap_time(event.time)
        }
    }

    private static func type(_ event: QueryTap.Event) -> Int {
        switch (event.parties, event.kind) {
        case (.client, .query): cdnstap_client_query
        case (.client, .answer): cdnstap_client_response
        case (.server, .query): cdnstap_forwarder_query
        case (.server, .answer): cdnstap_forwarder_response
        }
    }

    private static func number(_ carrier: Carrier) -> Int {
        switch carrier {
        case .datagram: cdnstap_udp
        case .stream: cdnstap_tcp
        case .tls: cdnstap_dot
        }
    }
}

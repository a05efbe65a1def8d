internal import CDnstap
internal import Forwarder
internal import FrameStream
internal import LinuxIO
internal import NetAddress

/// The query log as dnstap: every query and its answer, octet by octet, for a program that reads
/// them.
///
/// Ends with its last reference, without anybody waiting for that.
final class QueryTap: Sendable {
    static let contentType = "protobuf:dnstap.Dnstap"

    /// A query or an answer, and whose it is.
    struct Event {
        enum Kind {
            case query
            /// The answer to a query that came at this time, if that is known.
            case answer(to: Timestamp?)
        }

        let kind: Kind
        let client: Endpoint
        let transport: Transport
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

extension cdnstap_event {
    /// All of it but the octets.
    fileprivate init(_ event: QueryTap.Event) {
        unsafe self.init()
        let address = event.client.address
        unsafe family = UInt32(address.family == .v4 ? cdnstap_inet : cdnstap_inet6)
        unsafe `protocol` = UInt32(event.transport == .datagram ? cdnstap_udp : cdnstap_tcp)
        unsafe address_high = address.high
        unsafe address_low = address.low
        unsafe port = UInt32(event.client.port)
        switch event.kind {
        case .query:
            unsafe type = UInt32(cdnstap_client_query)
            unsafe query_time = cdnstap_time(event.time)
        case .answer(let asked):
            unsafe type = UInt32(cdnstap_client_response)
            if let asked { unsafe query_time = cdnstap_time(asked) }
            unsafe response_time = cdnstap_time(event.time)
        }
    }
}

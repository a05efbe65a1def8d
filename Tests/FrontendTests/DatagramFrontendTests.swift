import Collections
import EventLoop
import Frontend
import Glibc
import LinuxIO
import NetAddress
import Testing

/// Answers each query with itself, and has more sent to the socket meanwhile.
private final class EchoSink: QuerySink {
    private let client: CInt
    private let more: (Int) -> Int
    private(set) var taken = 0
    /// What has come back to the client.
    private(set) var answers = 0
    /// Where the queries came to, by the frontend that is asked.
    private(set) var locals: [Endpoint?] = []
    weak var frontend: DatagramFrontend?

    /// `more` says how many are sent while a query is taken, by how many were taken before it.
    init(client: CInt, more: @escaping (Int) -> Int) {
        self.client = client
        self.more = more
    }

    func received(
        _ message: RawSpan, from source: Endpoint, by carrier: QueryCarrier,
        reply: inout MutableRawSpan
    ) -> Receipt {
        if case .datagram(_, let place) = carrier {
            locals.append(frontend?.local(ofDatagram: Int(place)))
        }
        for _ in 0..<more(taken) { send([1, 2, 3], to: self.client) }
        taken += 1
        countAnswers()
        for offset in message.byteOffsets {
            reply.storeBytes(
                of: message.unsafeLoad(fromByteOffset: offset, as: UInt8.self),
                toByteOffset: offset, as: UInt8.self)
        }
        return .replied(message.byteCount)
    }

    func countAnswers() {
        var room: [UInt8] = [0, 0, 0, 0]
        while recv(client, &room, room.count, CInt(MSG_DONTWAIT)) > 0 { answers += 1 }
    }

    func keep(_ origin: QueryOrigin, for query: UInt32) {}
}

private func send(_ octets: [UInt8], to socket: CInt) {
    let sent = Glibc.send(socket, octets, octets.count, 0)
    #expect(sent == octets.count)
}

@Suite struct DatagramFrontendTests {
    /// Hands `waiting` datagrams to a frontend that is woken once, and says how many it took.
    private static func taken(waiting: Int, more: @escaping (Int) -> Int) throws -> Int {
        let server = try Socket.makeDatagram(.v4)
        let address = try #require(IPAddress("127.0.0.1"))
        try server.bind(to: Endpoint(address: address, port: 0))
        let endpoint = try #require(try server.localEndpoint())
        let client = try Socket.makeDatagram(.v4)
        _ = try client.connect(to: endpoint)
        let sink = EchoSink(client: client.raw, more: more)
        let frontend = try DatagramFrontend(
            socket: ListeningSocket(owning: server, kind: .datagram, endpoint: endpoint),
            listener: 0, loop: EventLoop(), sink: sink)
        for _ in 0..<waiting { send([9, 9], to: client.raw) }
        frontend.ioReady(token: 0, events: .readable)
        sink.countAnswers()
        #expect(sink.answers == sink.taken, "what was taken is answered when the wake-up ends")
        return sink.taken
    }

    /// Where a frontend says that a datagram came to which was sent to 127.0.0.1.
    private static func local(
        boundTo address: String, toldByKernel: Bool
    ) throws -> (said: Endpoint?, port: UInt16) {
        let server = try Socket.makeDatagram(.v4)
        if toldByKernel { try server.setPacketInfo(.v4) }
        try server.bind(to: Endpoint(address: #require(IPAddress(address)), port: 0))
        let endpoint = try #require(try server.localEndpoint())
        let client = try Socket.makeDatagram(.v4)
        let loopback = IPAddress(v4: 0x7f00_0001)
        _ = try client.connect(to: Endpoint(address: loopback, port: endpoint.port))
        let sink = EchoSink(client: client.raw, more: { _ in 0 })
        let frontend = try DatagramFrontend(
            socket: ListeningSocket(owning: server, kind: .datagram, endpoint: endpoint),
            listener: 0, loop: EventLoop(), sink: sink)
        sink.frontend = frontend
        send([9, 9], to: client.raw)
        frontend.ioReady(token: 0, events: .readable)
        try #require(sink.locals.count == 1)
        return (sink.locals[0], endpoint.port)
    }

    @Test func aWildcardSocketKnowsWhereADatagramCameTo() throws {
        let (said, port) = try Self.local(boundTo: "0.0.0.0", toldByKernel: true)
        #expect(said == Endpoint(address: IPAddress(v4: 0x7f00_0001), port: port))
    }

    @Test func aSocketThatIsNotToldKnowsItsOwnAddress() throws {
        let (said, port) = try Self.local(boundTo: "127.0.0.1", toldByKernel: false)
        #expect(said == Endpoint(address: IPAddress(v4: 0x7f00_0001), port: port))
        let (unknown, _) = try Self.local(boundTo: "0.0.0.0", toldByKernel: false)
        #expect(unknown == nil)
    }

    /// While a busy socket is served, more comes: it leaves for the upstream with the rest.
    @Test func aBusySocketIsLookedAtAgain() throws {
        #expect(try Self.taken(waiting: 20, more: { $0 == 0 ? 5 : 0 }) == 25)
    }

    /// A few need no second look, which would find nothing nearly every time.
    @Test func aQuietSocketIsLookedAtOnce() throws {
        #expect(try Self.taken(waiting: 2, more: { _ in 1 }) == 2)
    }

    /// Queries that go upstream leave when the wake-up ends: they do not wait for a third look.
    @Test func aBusySocketIsLookedAtOnceMore() throws {
        #expect(try Self.taken(waiting: 20, more: { _ in 1 }) == 40)
    }

    /// However much comes, TCP clients and upstreams have their turn.
    @Test func aWakeUpEnds() throws {
        #expect(try Self.taken(waiting: 64, more: { _ in 1 }) == 512)
    }
}

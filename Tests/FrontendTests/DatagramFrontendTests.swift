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

    /// `more` says how many are sent while a query is taken, by how many were taken before it.
    init(client: CInt, more: @escaping (Int) -> Int) {
        self.client = client
        self.more = more
    }

    func received(
        _ message: RawSpan, from source: Endpoint, client: SlotID?, reply: inout MutableRawSpan
    ) -> Receipt {
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

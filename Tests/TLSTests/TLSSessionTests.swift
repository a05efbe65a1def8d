import CGnuTLS
import Glibc
import NetAddress
import TLS
import TestServers
import Testing

@Suite struct TLSSessionTests {
    static let onlyTLS13 = "NORMAL:-VERS-ALL:+VERS-TLS1.3"
    static let onlyTLS12 = "NORMAL:-VERS-ALL:+VERS-TLS1.2"

    // Agreement.

    @Test(arguments: [(onlyTLS13, TLSVersion.v13), (onlyTLS12, TLSVersion.v12)])
    func agreesOnAVersion(_ priority: String, _ version: TLSVersion) throws {
        let link = try Fixture.link(options: options(priority))
        #expect(link.handshake() == .done(0))
        let properties = try #require(link.properties)
        #expect(properties.version == version)
        #expect(properties.group == "X25519")
        #expect(properties.applicationProtocol == "dot")
        #expect(!properties.isResumed)
        #expect(properties.cipher.contains("_GCM_") || properties.cipher.contains("CHACHA20"))
        #expect(properties.certificateEnd != nil)
    }

    @Test(arguments: [
        "NORMAL:-VERS-ALL:+VERS-TLS1.1", "NORMAL:-VERS-ALL:+VERS-TLS1.0",
        "NORMAL:-VERS-ALL:+VERS-TLS1.1:+VERS-TLS1.0",
    ])
    func refusesOlderVersions(_ priority: String) throws {
        let link = try Fixture.link(options: options(priority))
        #expect(link.handshake() == .failed)
        // GnuTLS as a server says that they have nothing in common; others name the version.
        #expect(link.failure?.kind == .alert(40))
    }

    @Test func refusesTLS12WhereMoreIsAsked() throws {
        let old = try Fixture.link(minimum: .v13, options: options(Self.onlyTLS12))
        #expect(old.handshake() == .failed)
        #expect(old.failure?.kind == .alert(40))
        let new = try Fixture.link(minimum: .v13)
        #expect(new.handshake() == .done(0))
    }

    @Test(arguments: [
        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA",
        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-MAC-ALL:+SHA1",
        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-SIGN-ALL:+SIGN-RSA-SHA1",
        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+NULL",
        "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ANON-ECDH",
    ])
    func refusesWeakAgreements(_ priority: String) throws {
        let certificate = try Fixture.certificate { $0.key = .rsa2048 }
        let link = try Fixture.link(presents: certificate, options: options(priority))
        #expect(link.handshake() == .failed)
        #expect(link.failure?.kind == .alert(40))
    }

    @Test func acceptsAServerWithoutProtocolNegotiation() throws {
        var options = ServerPeer.Options()
        options.protocols = []
        let link = try Fixture.link(options: options)
        #expect(link.handshake() == .done(0))
        let properties = try #require(link.properties)
        #expect(properties.applicationProtocol == nil)
    }

    @Test func refusesAServerOfAnotherProtocol() throws {
        var options = ServerPeer.Options()
        options.protocols = ["h2"]
        options.insistsOnProtocol = true
        let link = try Fixture.link(options: options)
        #expect(link.handshake() == .failed)
        #expect(link.failure?.kind == .applicationProtocol)
    }

    // Data.

    @Test(arguments: [onlyTLS13, onlyTLS12])
    func carriesDataBothWays(_ priority: String) throws {
        let link = try Fixture.link(options: options(priority))
        #expect(link.handshake() == .done(0))
        #expect(link.send([1, 2, 3]) == .done(3))
        link.server.advance()
        #expect(link.server.received == [1, 2, 3])
        #expect(link.server.send([4, 5]))
        #expect(link.drain().bytes == [4, 5])
        #expect(link.receive().step == .wantsRead)
    }

    @Test func sendsEachCallAsOneRecord() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        let bytes = pattern(16_384)
        #expect(link.send(bytes) == .done(16_384))
        #expect(link.send(Array(bytes[..<100])) == .done(100))
        link.server.advance()
        #expect(link.server.recordSizes == [16_384, 100])
        #expect(link.server.received == bytes + bytes[..<100])
    }

    @Test func takesNoMoreThanARecordAtOnce() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        #expect(link.send(pattern(20_000)) == .done(16_384))
    }

    @Test func givesALargeRecordInPieces() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        let bytes = pattern(16_384)
        #expect(link.server.send(bytes))
        var all: [UInt8] = []
        let (first, start) = link.receive(atMost: 1000)
        #expect(first == .done(1000))
        #expect(link.hasBufferedInput)
        all += start
        while link.hasBufferedInput { all += link.receive(atMost: 1000).bytes }
        #expect(all == bytes)
        #expect(link.receive().step == .wantsRead)
    }

    @Test func tellsOfRecordsThatTheSocketNoLongerHas() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        #expect(link.drain().step == .wantsRead)
        for byte in UInt8(1)...3 { #expect(link.server.send([byte])) }
        #expect(link.receive().bytes == [1])
        // All three were read at once.
        var pending: CInt = -1
        #expect(ioctl(link.descriptor, UInt(FIONREAD), &pending) == 0)
        #expect(pending == 0)
        #expect(link.hasBufferedInput)
        #expect(link.receive().bytes == [2])
        #expect(link.receive().bytes == [3])
        #expect(!link.hasBufferedInput)
    }

    @Test func readsNoMoreThanItIsAllowed() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        #expect(link.drain().step == .wantsRead)
        let bytes = pattern(16_384)
        for _ in 0..<4 { #expect(link.server.send(bytes)) }
        // A reading gives a record and the beginning of the next one.
        link.client.allowReads(2)
        #expect(link.drain().bytes == bytes + bytes)
        #expect(link.drain().step == .wantsRead)
        var pending: CInt = 0
        #expect(ioctl(link.descriptor, UInt(FIONREAD), &pending) == 0)
        #expect(pending > 16_384)
        link.client.allowReads(.max)
        #expect(link.drain().bytes == bytes + bytes)
    }

    @Test func resumesASendIntoAFullSocket() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        let bytes = pattern(16_384)
        var sent: [UInt8] = []
        var step = link.send(bytes)
        while step == .done(bytes.count) {
            sent += bytes
            step = link.send(bytes)
        }
        #expect(step == .wantsWrite)
        #expect(link.wantsWrite)
        for _ in 0..<Link.turns where step == .wantsWrite {
            link.server.advance()
            step = link.send(bytes)
        }
        #expect(step == .done(bytes.count))
        link.server.advance()
        #expect(link.server.received == sent + bytes)
    }

    @Test func nothingIsDoneWithNothing() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        #expect(link.send([]) == .done(0))
        #expect(link.receive(atMost: 0).step == .done(0))
    }

    @Test func carriesNothingBeforeTheHandshake() throws {
        let link = try Fixture.link()
        #expect(link.send([1]) == .failed)
        #expect(link.receive().step == .failed)
        var pending: CInt = -1
        #expect(ioctl(link.server.descriptor, UInt(FIONREAD), &pending) == 0)
        // Two octets of alert in a record, and no query.
        #expect(pending <= 7)
    }

    // Ends.

    @Test(arguments: [onlyTLS13, onlyTLS12])
    func saysGoodbye(_ priority: String) throws {
        let link = try Fixture.link(options: options(priority))
        #expect(link.handshake() == .done(0))
        #expect(link.client.close() == .done(0))
        link.server.advance()
        #expect(link.server.isClosed)
        // The other side is still open.
        #expect(link.server.send([9]))
        #expect(link.drain().bytes == [9])
    }

    @Test func seesTheServersGoodbye() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        #expect(link.server.send([1]))
        link.server.sayGoodbye()
        let (step, bytes, _) = link.drain()
        #expect(bytes == [1])
        #expect(step == .closed)
        #expect(link.receive().step == .closed)
        #expect(link.failure == nil)
    }

    @Test func seesAnEndWithoutGoodbye() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        #expect(link.server.send([1]))
        link.server.disconnect()
        let (step, bytes, _) = link.drain()
        #expect(bytes == [1])
        #expect(step == .closed)
    }

    @Test func seesAReset() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        #expect(link.send([1]) == .done(1))
        // Closing a socket with unread octets resets the connection.
        link.server.disconnect()
        #expect(link.drain().step == .failed)
        #expect(link.failure?.kind == .reset)
        #expect(link.failure?.code == "connection-reset")
        #expect(link.send([2]) == .failed)
    }

    @Test func seesABrokenPipeWithoutASignal() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        link.server.disconnect()
        #expect(link.send([1]) == .failed)
        #expect(link.failure?.kind == .reset)
        #expect(link.client.close() == .done(0))
    }

    @Test func seesAnEndDuringTheHandshake() throws {
        let link = try Fixture.link()
        _ = link.client.handshake()
        var octets = [UInt8](repeating: 0, count: 4096)
        _ = recv(link.server.descriptor, &octets, octets.count, 0)
        link.server.disconnect()
        #expect(link.handshake() == .failed)
        #expect(link.failure?.kind == .closed)
        #expect(link.client.close() == .done(0))
    }

    @Test func seesAnAlert() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        link.server.sendAlert(GNUTLS_A_INTERNAL_ERROR, GNUTLS_AL_FATAL)
        #expect(link.drain().step == .failed)
        #expect(link.failure?.kind == .alert(80))
        #expect(link.failure?.description == "the server refused: Internal error")
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "\u{1}\u{2}\u{3}", "SSH-2.0-x\r\n"])
    func refusesWhatIsNotTLS(_ text: String) throws {
        let link = try Fixture.link()
        _ = link.client.handshake()
        let octets = Array(text.utf8)
        #expect(send(link.server.descriptor, octets, octets.count, 0) == octets.count)
        shutdown(link.server.descriptor, CInt(SHUT_WR))
        let step = link.client.handshake()
        #expect(step == .failed)
        #expect(link.client.handshake() == step)
        #expect(link.failure != nil)
    }

    // What a server may do to a session.

    @Test(arguments: [onlyTLS13, onlyTLS12])
    func managesOneOctetAtATime(_ priority: String) throws {
        let slow = try SlowLink(options: options(priority))
        #expect(try slow.handshake() == .done(0))
        #expect(slow.isServerEstablished)
    }

    func options(_ priority: String) -> ServerPeer.Options {
        var options = ServerPeer.Options()
        options.priority = priority
        return options
    }

    func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    }
}

import Glibc
import NetAddress
import Testing

@testable import LinuxIO

/// `DatagramReceiver` and `DatagramSender`, against each other and against plain sockets.
@Suite struct DatagramBatchTests {
    /// A bound UDP socket.
    private final class Bound {
        let socket: FileDescriptor
        let endpoint: Endpoint

        var raw: CInt { socket.raw }

        init(_ address: String, packetInfo: Bool = false) throws {
            let local = try anyPort(address)
            socket = try Socket.makeDatagram(local.address.family)
            if packetInfo { try socket.setPacketInfo(local.address.family) }
            try socket.bind(to: local)
            endpoint = try #require(try socket.localEndpoint())
        }
    }

    private func send(
        _ bytes: [UInt8], from fd: CInt, to endpoint: Endpoint
    ) throws {
        let count = SocketAddress(endpoint).withSocketAddress { address, length in
            sendto(fd, bytes, bytes.count, 0, address, length)
        }
        guard count == bytes.count else { throw Errno(errno) }
    }

    /// One datagram, awaited, and who sent it.
    private func receiveOne(_ fd: CInt) throws -> (bytes: [UInt8], source: Endpoint?) {
        guard awaitReady(fd) else { throw Errno.timedOut }
        var bytes = [UInt8](repeating: 0, count: 2048)
        let (count, address) = SocketAddress.filled { address, length in
            CInt(recvfrom(fd, &bytes, 2048, 0, address, length))
        }
        guard count >= 0 else { throw Errno(errno) }
        return (Array(bytes[..<Int(count)]), address.endpoint)
    }

    private func bytes(_ span: RawSpan) -> [UInt8] {
        span.withUnsafeBytes { Array($0) }
    }

    private func commit(
        _ content: [UInt8], to peer: DatagramPeer, in sender: inout DatagramSender
    ) {
        var slot = sender.nextSlot()
        slot.withUnsafeMutableBytes { $0.copyBytes(from: content) }
        sender.commit(length: content.count, to: peer)
    }

    @Test(arguments: ["127.0.0.1", "[::1]"])
    func receivesABatchInOrder(address: String) throws {
        let server = try Bound(address)
        let client = try Bound(address)
        var receiver = DatagramReceiver(slots: 4, slotSize: 512)
        #expect(try receiver.receive(from: server.raw) == 0)
        // Twice, with fewer the second time: what is left of the first batch must not show.
        for round in [[[1], [2, 2], [], [4]], [[5, 5, 5]]] as [[[UInt8]]] {
            for content in round { try send(content, from: client.raw, to: server.endpoint) }
            #expect(awaitReady(server.raw))
            #expect(try receiver.receive(from: server.raw) == round.count)
            for (index, content) in round.enumerated() {
                #expect(bytes(receiver.datagram(index)) == content)
                let peer = receiver.peer(index)
                #expect(peer.source.endpoint == client.endpoint)
                #expect(peer.local == nil)
                let isTruncated = receiver.isTruncated(index)
                #expect(!isTruncated)
            }
        }
        #expect(try receiver.receive(from: server.raw) == 0)
    }

    @Test func leavesWhatDoesNotFitForTheNextCall() throws {
        let server = try Bound("127.0.0.1")
        let client = try Bound("127.0.0.1")
        var receiver = DatagramReceiver(slots: 2, slotSize: 64)
        for value in UInt8(1)...3 { try send([value], from: client.raw, to: server.endpoint) }
        #expect(try receiver.receive(from: server.raw) == 2)
        #expect(try receiver.receive(from: server.raw) == 1)
        #expect(bytes(receiver.datagram(0)) == [3])
    }

    /// What the kernel wrote into the headers for one socket must not limit the next.
    @Test func servesDifferentSocketsInTurn() throws {
        let plain = try Bound("127.0.0.1")
        let informed = try Bound("[::1]", packetInfo: true)
        var receiver = DatagramReceiver(slots: 1, slotSize: 64)
        for _ in 0..<2 {
            for server in [plain, informed] {
                let client = try Bound(server === plain ? "127.0.0.1" : "[::1]")
                try send([1], from: client.raw, to: server.endpoint)
                #expect(awaitReady(server.raw))
                #expect(try receiver.receive(from: server.raw) == 1)
                let peer = receiver.peer(0)
                #expect(peer.source.endpoint == client.endpoint)
                let destination = server === plain ? nil : server.endpoint.address
                #expect(peer.local?.destination == destination)
            }
        }
    }

    @Test func marksADatagramThatIsTooLong() throws {
        let server = try Bound("127.0.0.1")
        let client = try Bound("127.0.0.1")
        var receiver = DatagramReceiver(slots: 4, slotSize: 4)
        try send([1, 2, 3, 4, 5], from: client.raw, to: server.endpoint)
        try send([6, 7, 8, 9], from: client.raw, to: server.endpoint)
        #expect(try receiver.receive(from: server.raw) == 2)
        let marks = [receiver.isTruncated(0), receiver.isTruncated(1)]
        #expect(marks == [true, false])
        #expect(bytes(receiver.datagram(0)) == [1, 2, 3, 4])
    }

    @Test func aClosedDescriptorIsAnError() throws {
        var receiver = DatagramReceiver(slots: 1, slotSize: 64)
        var error: Errno?
        do throws(Errno) {
            _ = try receiver.receive(from: -1)
        } catch let thrown {
            error = thrown
        }
        #expect(error == .badDescriptor)
    }

    /// Asked on `asked`, a socket bound to `wildcard` must answer from there.
    @Test(arguments: [
        ("0.0.0.0", "127.0.0.1", "127.0.0.2"), ("[::]", "[::1]", "[::1]"),
        ("[::]", "127.0.0.1", "127.0.0.3"), ("127.0.0.4", "127.0.0.1", "127.0.0.4"),
    ])
    func answersFromTheAddressAsked(wildcard: String, client: String, asked: String) throws {
        let server = try Bound(wildcard, packetInfo: true)
        let clientSide = try Bound(client)
        let target = Endpoint(address: try endpoint(asked).address, port: server.endpoint.port)
        try send([1], from: clientSide.raw, to: target)
        var receiver = DatagramReceiver(slots: 4, slotSize: 64)
        #expect(awaitReady(server.raw))
        #expect(try receiver.receive(from: server.raw) == 1)
        let peer = receiver.peer(0)
        #expect(peer.local?.destination.unmapped == target.address)
        #expect(peer.local?.interface == if_nametoindex("lo"))

        var sender = DatagramSender(slots: 4, slotSize: 64)
        commit([2, 3], to: peer, in: &sender)
        let outcome = sender.flush(to: server.raw)
        #expect(outcome == FlushOutcome(sent: 1))
        let answer = try receiveOne(clientSide.raw)
        #expect(answer.bytes == [2, 3])
        #expect(answer.source == target)
    }

    @Test(arguments: [
        ("0.0.0.0", "127.0.0.1", "127.0.0.9"), ("[::]", "[::1]", "[::1]"),
        ("[::]", "127.0.0.1", "127.0.0.3"),
    ])
    func answersABatchFromWhereItArrived(
        wildcard: String, client: String, asked: String
    ) throws {
        let server = try Bound(wildcard, packetInfo: true)
        let clients = try (0..<3).map { _ in try Bound(client) }
        let target = Endpoint(address: try endpoint(asked).address, port: server.endpoint.port)
        for (number, client) in clients.enumerated() {
            try send([UInt8(number)], from: client.raw, to: target)
        }
        var receiver = DatagramReceiver(slots: 4, slotSize: 512)
        var sender = DatagramSender(slots: 4, slotSize: 512)
        #expect(awaitReady(server.raw))
        #expect(try receiver.receive(from: server.raw) == 3)
        // Answers of different lengths, with one in between that was kept from before.
        for index in [2, 0, 1] {
            let source = receiver.endpoint(index)
            #expect(source?.address.unmapped == clients[index].endpoint.address)
            #expect(source?.port == clients[index].endpoint.port)
            var slot = sender.nextSlot()
            slot.withUnsafeMutableBytes {
                $0.copyBytes(from: [UInt8](repeating: UInt8(index), count: 1 + 200 * index))
            }
            sender.commit(length: 1 + 200 * index, answering: index, of: receiver)
            if index == 2 { commit([9], to: receiver.peer(0), in: &sender) }
        }
        let isFull = sender.isFull
        #expect(isFull)
        let outcome = sender.flush(to: server.raw)
        #expect(outcome.sent == 4)
        var answers: [[[UInt8]]] = [[], [], []]
        for (client, count) in zip(0..<3, [2, 1, 1]) {
            for _ in 0..<count {
                let (bytes, source) = try receiveOne(clients[client].raw)
                #expect(source == target)
                answers[client].append(bytes)
            }
        }
        let expected = (0..<3).map { [UInt8](repeating: UInt8($0), count: 1 + 200 * $0) }
        #expect(answers == [[[9], expected[0]], [expected[1]], [expected[2]]])
    }

    @Test func largeDatagramsFillAllSlots() throws {
        let server = try Bound("127.0.0.1")
        let client = try Bound("127.0.0.1")
        var sender = DatagramSender(slots: 4, slotSize: 1000)
        for round in 0..<2 {
            for number in 0..<4 {
                commit(
                    [UInt8](repeating: UInt8(round * 4 + number), count: 1000),
                    to: DatagramPeer(source: SocketAddress(client.endpoint)), in: &sender)
            }
            let outcome = sender.flush(to: server.raw)
            #expect(outcome.sent == 4)
        }
        for number in 0..<8 {
            let (bytes, _) = try receiveOne(client.raw)
            #expect(bytes == [UInt8](repeating: UInt8(number), count: 1000))
        }
    }

    @Test func dropsWhatCannotLeaveAndSendsTheRest() throws {
        let server = try Bound("127.0.0.1")
        let client = try Bound("127.0.0.1")
        let good = DatagramPeer(source: SocketAddress(client.endpoint))
        // Without permission to broadcast, the kernel refuses this one.
        let refused = DatagramPeer(source: SocketAddress(try endpoint("255.255.255.255:9")))
        // Not one of our addresses.
        let foreign = DatagramPeer(
            source: SocketAddress(client.endpoint),
            local: PacketInfo(destination: try endpoint("192.0.2.1").address, interface: 1))
        var sender = DatagramSender(slots: 8, slotSize: 64)
        for (value, peer) in [refused, good, good, foreign, refused, good, foreign].enumerated() {
            commit([UInt8(value)], to: peer, in: &sender)
        }
        let outcome = sender.flush(to: server.raw)
        #expect(outcome.sent == 3)
        #expect(outcome.dropped == 4)
        #expect(outcome.lastError != nil)
        for value in [UInt8(1), 2, 5] {
            #expect(try receiveOne(client.raw).bytes == [value])
        }
        let isEmpty = sender.isEmpty
        #expect(isEmpty)
        let again = sender.flush(to: server.raw)
        #expect(again == FlushOutcome())
    }

    @Test func everyDatagramToADeadSocketIsDroppedOnce() throws {
        var sender = DatagramSender(slots: 4, slotSize: 16)
        let peer = DatagramPeer(source: SocketAddress(try endpoint("127.0.0.1:9")))
        for value in UInt8(0)..<4 { commit([value], to: peer, in: &sender) }
        let outcome = sender.flush(to: -1)
        #expect(outcome == FlushOutcome(sent: 0, dropped: 4, lastError: .badDescriptor))
    }

    @Test func tellsWhenItIsFullAndStartsAnewAfterAFlush() throws {
        let server = try Bound("127.0.0.1")
        let client = try Bound("127.0.0.1")
        let peer = DatagramPeer(source: SocketAddress(client.endpoint))
        var sender = DatagramSender(slots: 2, slotSize: 16)
        for round in UInt8(0)..<3 {
            var states: [Bool] = [sender.isEmpty, sender.isFull]
            commit([round, 0], to: peer, in: &sender)
            states += [sender.isEmpty, sender.isFull]
            commit([round, 1, 1], to: peer, in: &sender)
            states += [sender.isFull]
            #expect(states == [true, false, false, false, true])
            let sent = sender.flush(to: server.raw).sent
            #expect(sent == 2)
            #expect(try receiveOne(client.raw).bytes == [round, 0])
            #expect(try receiveOne(client.raw).bytes == [round, 1, 1])
        }
    }

    @Test func aSlotWithPacketInfoCanBeUsedWithoutItLater() throws {
        let server = try Bound("127.0.0.1")
        let client = try Bound("127.0.0.1")
        let address = SocketAddress(client.endpoint)
        let local = PacketInfo(destination: server.endpoint.address, interface: 0)
        var sender = DatagramSender(slots: 1, slotSize: 16)
        for peer in [
            DatagramPeer(source: address, local: local), DatagramPeer(source: address),
        ] {
            commit([1], to: peer, in: &sender)
            let outcome = sender.flush(to: server.raw)
            #expect(outcome == FlushOutcome(sent: 1))
            #expect(try receiveOne(client.raw).source == server.endpoint)
        }
    }

    @Test func aPeerIsSmallAndPlain() {
        #expect(MemoryLayout<DatagramPeer>.size <= 64)
        #expect(_isPOD(DatagramPeer.self))
    }
}

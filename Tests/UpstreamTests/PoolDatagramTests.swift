import NetAddress
import Testing

@testable import Upstream

/// Upstreams that are spoken to in the clear.
@Suite struct PoolDatagramTests {
    private let group = GroupID(1)

    private func rig(_ count: Int = 1) -> PoolRig {
        var rig = PoolRig(upstreams: 0)
        let servers = (1...count).map { number in
            UpstreamServer(
                endpoint: Endpoint(address: IPAddress(v4: UInt32(number)), port: 53), name: nil,
                transport: .plain)
        }
        rig.configure([UpstreamGroup(group, servers: servers)])
        return rig
    }

    @Test func isReadyAtOnceAndStaysUntilItIsIdle() throws {
        var rig = rig()
        let first = try rig.assigned(1, of: group)
        #expect(first.isReady)
        let carrier = rig.pool.carrier(of: first.connection)
        #expect(carrier == .datagram)
        let second = try rig.assigned(2, of: group)
        #expect(second.connection == first.connection)
        #expect(second.messageID != first.messageID)
    }

    @Test func closesTheSocketOfWhatIsAnsweredOrAbandoned() throws {
        var rig = rig()
        let first = try rig.assigned(1, of: group)
        let second = try rig.assigned(2, of: group)
        rig.answer(first)
        rig.abandon(second)
        let done = rig.done.filter { if case .finish = $0 { true } else { false } }
        #expect(
            done == [
                .finish(first.connection, messageID: first.messageID),
                .finish(first.connection, messageID: second.messageID),
            ])
        let late = rig.pool.recipient(of: second.messageID, on: second.connection)
        #expect(late == .unsolicited)
    }

    @Test func datagramsUnderWayAreBounded() throws {
        var rig = rig(2)
        let first = try rig.assigned(0, of: group)
        for exchange in 1..<256 {
            let next = try rig.assigned(UInt16(exchange), of: group)
            #expect(next.connection == first.connection)
        }
        let other = try rig.assigned(256, of: group)
        #expect(other.upstream != first.upstream)
        rig.answer(first)
        let again = try rig.assigned(257, of: group)
        #expect(again.upstream == first.upstream)
    }

    @Test func aStreamIsMadeOnceAndUsedAgain() throws {
        var rig = rig()
        let datagram = try rig.assigned(1, of: group)
        let first = rig.pool.assignStream(1, at: datagram.upstream, now: rig.now)
        rig.perform()
        let stream = try #require(first)
        #expect(!stream.isReady)
        let carrier = rig.pool.carrier(of: stream.connection)
        #expect(carrier == .stream)
        rig.connect(stream.connection)
        let second = rig.pool.assignStream(2, at: datagram.upstream, now: rig.now)
        #expect(second?.connection == stream.connection)
        #expect(second?.isReady == true)
        _ = rig.lose(stream.connection, .closed)
        let third = rig.pool.assignStream(3, at: datagram.upstream, now: rig.now)
        #expect(third?.connection != stream.connection)
        // Datagrams go on as before.
        let next = try rig.assigned(4, of: group)
        #expect(next.connection == datagram.connection)
    }

    @Test func spellingsAreOfOneMessageAlone() throws {
        var rig = rig()
        let first = try rig.assigned(1, of: group)
        let second = try rig.assigned(2, of: group)
        let one = rig.pool.spellingSeed(of: first.messageID, on: first.connection)
        let other = rig.pool.spellingSeed(of: second.messageID, on: first.connection)
        let again = rig.pool.spellingSeed(of: first.messageID, on: first.connection)
        #expect(one != other)
        #expect(one == again)
    }
}

import FaultTable
import Glibc
import LinuxIO
import NetAddress
import TestServers
import TestSupport
import Testing

/// Random and mutated octets from both sides, in numbers.
@Suite struct NoiseTests {
    /// The growth that allocators and tables warming up explain.
    private static let growthBound = 2048

    @Test func manyDatagramsLeaveTheDaemonAsItWas() async throws {
        let (growth, code, survey) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try DaemonProcess(Fixture.configuration([server]))
            try Self.sendNoise(5000, seed: 1, to: daemon)
            _ = try Survey(daemon.endpoint, count: 200, every: .zero)
            let before = try daemon.residentMemory()
            try Self.sendNoise(100_000, seed: 2, to: daemon)
            // The noise that still waits in the socket comes first.
            _ = try Survey(daemon.endpoint, count: 5)
            let survey = try Survey(daemon.endpoint, count: 200, every: .milliseconds(2))
            return (try daemon.residentMemory() - before, daemon.end(), survey)
        }
        #expect(survey.outcomes.allSatisfy { $0 == .right }, "\(survey.summary)")
        #expect(growth < Self.growthBound, "\(growth) KiB")
        #expect(code == 0)
    }

    private static func sendNoise(_ count: Int, seed: UInt64, to daemon: DaemonProcess) throws {
        var noise = SplitMix64(seed: seed)
        let client = try DatagramClient(to: daemon.endpoint)
        for number in 0..<count {
            try client.send(noise.mutated(Self.seeds[number % Self.seeds.count]))
            // What it sends back is read now and then, and it is not outrun by much.
            if number % 50 == 49 { _ = client.receive(timeout: Interval(microseconds: 500)) }
        }
    }

    private static let seeds: [[UInt8]] =
        MalformedQueries.rows.map(\.message).filter { $0.count < 1400 && !$0.isEmpty }

    @Test func manyFramesLeaveTheDaemonAsItWas() async throws {
        let (growth, code, answered) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try DaemonProcess(Fixture.configuration([server]))
            try Self.sendFrames(connections: 100, seed: 3, to: daemon)
            let before = try daemon.residentMemory()
            try Self.sendFrames(connections: 1000, seed: 4, to: daemon)
            let answered = try daemon.client.tcp("www.example")?.addresses
            return (try daemon.residentMemory() - before, daemon.end(), answered)
        }
        #expect(answered == [AnswerBook.address4("www.example")])
        #expect(growth < Self.growthBound, "\(growth) KiB")
        #expect(code == 0)
    }

    private static func sendFrames(
        connections: Int, seed: UInt64, to daemon: DaemonProcess
    ) throws {
        var noise = SplitMix64(seed: seed)
        for _ in 0..<connections {
            let client = try StreamClient(to: daemon.endpoint)
            var octets: [UInt8] = []
            for _ in 0..<20 {
                let frame = seeds[Int(noise.next() % UInt64(seeds.count))].framed
                octets += noise.next() % 2 == 0 ? frame : noise.mutated(frame)
            }
            // It may have closed meanwhile, as it should.
            try? client.sendRaw(octets)
            client.finishSending()
            _ = client.receive(timeout: .milliseconds(1))
            if noise.next() % 2 == 0 { client.reset() }
        }
    }

    @Test func manyMessagesThatNobodyAskedForLeaveTheDaemonAsItWas() async throws {
        let (growth, code, survey) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try DaemonProcess(Fixture.configuration([server]))
            let noise = Guarded((SplitMix64(seed: 5), previous: [] as [UInt8]))
            server.behavior = Behavior().with {
                $0.answers = { query in
                    let answer = AnswerBook().answer(to: query.message)
                    return noise.withLock { state in
                        // The id of a query that has its answer is not waited for any more.
                        let others = state.previous.isEmpty ? 0 : 50
                        defer { state.previous = Array(answer.prefix(2)) }
                        return (0..<others).map { _ in
                            state.previous + state.0.mutated(Array(answer.dropFirst(2)))
                                + [UInt8](repeating: 0, count: 10)
                        } + [answer]
                    }
                }
            }
            _ = try Survey(daemon.endpoint, count: 100, every: .milliseconds(2))
            let before = try daemon.residentMemory()
            let survey = try Survey(daemon.endpoint, count: 1000, every: .milliseconds(2))
            return (try daemon.residentMemory() - before, daemon.end(), survey)
        }
        // On a busy machine an id may still be waited for after all, and then the wrong answer to
        // it ends the connection, as it should.
        let others = survey.outcomes.count { $0 != .right }
        #expect(others <= 10, "\(survey.summary)")
        #expect(growth < Self.growthBound, "\(growth) KiB")
        #expect(code == 0)
    }

    @Test func noBadAnswerIsPassedOn() async throws {
        let (survey, refusal, growth, code) = try await Crew.run {
            // Each is left alone for a while after a bad answer.
            let servers = try (0..<16).map { _ in try Fixture.server() }
            let daemon = try DaemonProcess(
                Fixture.configuration(servers, sections: "[Upstream]\nTimeout=500ms"))
            let noise = Guarded(SplitMix64(seed: 6))
            for server in servers {
                server.behavior = Behavior().with {
                    $0.answers = { query in
                        // Forged, so that what is left in shape must have been taken for right.
                        var book = AnswerBook()
                        book.isForged = true
                        let answer = book.answer(to: query.message)
                        return [noise.withLock { Self.spoiled(answer, &$0) }]
                    }
                }
            }
            _ = try Survey(daemon.endpoint, count: 100, every: .milliseconds(1))
            let before = try daemon.residentMemory()
            let survey = try Survey(daemon.endpoint, count: 2000, every: .milliseconds(1))
            let growth = try daemon.residentMemory() - before
            let notify = PlainQuery("www.example").with { $0.flags = 0x2000 }
            return (survey, try daemon.client.udp(notify)?.rcode, growth, daemon.end())
        }
        for outcome in survey.outcomes {
            guard case .failure(ResponseCode.serverFailure, _, _) = outcome else {
                Issue.record("\(survey.summary)")
                break
            }
        }
        #expect(refusal == ResponseCode.notImplemented)
        #expect(growth < Self.growthBound, "\(growth) KiB")
        #expect(code == 0)
    }

    /// An answer with the right id that says something wrong about itself.
    private static func spoiled(_ answer: [UInt8], _ noise: inout SplitMix64) -> [UInt8] {
        var octets = answer
        let place = Int(noise.next() % 5)
        switch place {
        // QR; a count; a letter of the question; the end.
        case 0: octets[2] &= 0x7f
        case 1: octets[4 + 2 * Int(noise.next() % 4)] = UInt8.random(in: 1...255, using: &noise)
        case 2: octets[13] ^= 0x01
        case 3: octets.removeLast(1 + Int(noise.next() % 20))
        default: octets = Array(octets.prefix(12 + Int(noise.next() % 20)))
        }
        return octets
    }

    @Test func aClientThatNeverReadsCostsLittle() async throws {
        let (growth, answered) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try DaemonProcess(Fixture.configuration([server]))
            _ = try Survey(daemon.endpoint, count: 100, every: .zero)
            let before = try daemon.residentMemory()
            let client = try StreamClient(to: daemon.endpoint, receiveBuffer: 4096)
            let queries = (0..<2000).map {
                PlainQuery(TestName("txt-20000.q\($0).example"), RecordType.txt)
            }
            // It is not taken to the end.
            try? client.sendRaw(queries.flatMap(\.bytes.framed), timeout: .seconds(1))
            _ = server.wait(atMost: .seconds(8)) { $0.queriesReceived > 104 && $0.inFlight == 0 }
            let answered = try daemon.client.udp("www.example")?.addresses
            return (try daemon.residentMemory() - before, answered)
        }
        #expect(answered == [AnswerBook.address4("www.example")])
        #expect(growth <= Self.growthBound, "\(growth) KiB")
    }

    @Test func withoutDescriptorsForClientsTheRestGoesOn() async throws {
        let (ticks, overUDP, overTCP, code) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try DaemonProcess(Fixture.configuration([server]), openFiles: 40)
            _ = try daemon.client.udp("first.example")
            var clients: [StreamClient] = []
            for _ in 0..<100 { clients.append(try StreamClient(to: daemon.endpoint)) }
            let before = try daemon.processorTicks()
            var overUDP: [[IPAddress]] = []
            for number in 0..<10 {
                let name = TestName("q\(number).example")
                overUDP.append(try daemon.client.udp(name)?.addresses ?? [])
                _ = server.wait(atMost: .milliseconds(100)) { _ in false }
            }
            let ticks = try daemon.processorTicks() - before
            for client in clients { client.close() }
            let overTCP = try daemon.client.tcp("last.example")?.addresses
            return (ticks, overUDP, overTCP, daemon.end())
        }
        #expect(overUDP == (0..<10).map { [AnswerBook.address4(TestName("q\($0).example"))] })
        #expect(overTCP == [AnswerBook.address4("last.example")])
        // A second in which next to nothing was to do.
        #expect(ticks < 20, "\(ticks)")
        #expect(code == 0)
    }
}

extension SplitMix64 {
    /// A message with some of it changed, cut, doubled or added, or nothing but noise.
    mutating func mutated(_ message: [UInt8], from start: Int = 0) -> [UInt8] {
        var octets = message
        switch next() % 8 {
        case 0:
            octets = (0..<Int(next() % 600)).map { _ in UInt8(truncatingIfNeeded: next()) }
        case 1:
            octets = Array(octets.prefix(Int(next() % UInt64(octets.count + 1))))
        case 2:
            octets += octets.suffix(Int(next() % UInt64(octets.count + 1)))
        default:
            for _ in 0...(next() % 6) where octets.count > start {
                let place = start + Int(next() % UInt64(octets.count - start))
                octets[place] = UInt8(truncatingIfNeeded: next())
            }
        }
        return octets
    }
}

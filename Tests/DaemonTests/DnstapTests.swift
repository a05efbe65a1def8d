import Configuration
import LinuxIO
import NetAddress
import TestServers
import Testing

/// The query log in the format dnstap, read by what Debian has to read it.
@Suite struct DnstapTests {
    /// A daemon that logs to a reader's socket, whether somebody is there or not.
    private final class Rig {
        let folder: TemporaryFolder
        let reader: String
        let server: DoTServer
        let daemon: DaemonProcess
        let control: String

        init(queryLog: String = "dnstap", sections: String = "") throws {
            folder = try TemporaryFolder()
            reader = try FrameCapture.socket(in: folder)
            control = try folder.write([], as: "control")
            PrivateFile.remove(path: control)
            server = try Fixture.server()
            daemon = try DaemonProcess(
                Self.configuration(server, queryLog, reader: reader, control: control) + sections)
        }

        static func configuration(
            _ server: DoTServer, _ queryLog: String, reader: String, control: String
        ) throws -> String {
            try Fixture.caching([server])
                + "[Log]\nQueryLog=\(queryLog)\nDnstapSocket=\(reader)\n[Control]\nSocket=\(control)\n"
        }

        func capture() throws -> FrameCapture { try FrameCapture(at: reader, in: folder) }

        func reload(queryLog: String) throws {
            try daemon.rewrite(
                Self.configuration(server, queryLog, reader: reader, control: control))
            _ = try ControlTool.run("reload", socket: control)
        }

        /// How many messages have had this outcome.
        func frames(_ outcome: String) throws -> Int {
            let name = "dotproxy_dnstap_frames_total{outcome=\"\(outcome)\"} "
            let metrics = try ControlTool.run("metrics", socket: control).output
            for line in metrics.split(separator: "\n") where line.hasPrefix(name) {
                return Int(line.dropFirst(name.count)) ?? 0
            }
            return 0
        }

        /// Asks for `name` until more messages than `before` have been sent: until a reader is
        /// found, nothing is kept for it.
        func ask(_ name: TestName, untilSentMoreThan before: Int = 0) throws -> Bool {
            let deadline = Clock.monotonic() + .seconds(20)
            while Clock.monotonic() < deadline {
                _ = try daemon.client.udp(name)
                if try frames("sent") > before { return true }
            }
            return false
        }

        /// Waits until at least so many messages have had this outcome.
        func wait(for count: Int, _ outcome: String) throws -> Bool {
            let deadline = Clock.monotonic() + .seconds(20)
            while Clock.monotonic() < deadline {
                if try frames(outcome) >= count { return true }
            }
            return false
        }
    }

    @Test func everyQueryAndItsAnswerAreThere() async throws {
        let (lines, messages) = try await Crew.run {
            let rig = try Rig()
            let capture = try rig.capture()
            try Crew.require(rig.ask("first.example"))
            _ = try rig.daemon.client.udp("delay-250.slow.example")
            _ = try rig.daemon.client.udp("DELAY-250.Slow.example")
            _ = try rig.daemon.client.tcp("nx.gone.example", RecordType.aaaa)
            rig.daemon.end()
            return (try capture.dnstap().split(separator: "\n"), try capture.dnstap("-p"))
        }
        let ofClients = lines.filter { $0.contains(" CQ ") || $0.contains(" CR ") }
        let slow = ofClients.filter { $0.contains("slow.example/IN/A") }
        #expect(slow.count == 2 && ofClients.allSatisfy { $0.contains(" 127.0.0.1:") })
        let kinds = ofClients.suffix(6).map { line in
            line.split(separator: " ").dropFirst(2)
                .filter { $0.allSatisfy { $0.isUppercase || "<->".contains($0) } }
        }
        #expect(
            kinds == [
                ["CQ", "->", "UDP"], ["CR", "<-", "UDP"], ["CQ", "->", "UDP"],
                ["CR", "<-", "UDP"], ["CQ", "->", "TCP"], ["CR", "<-", "TCP"],
            ])
        #expect(lines.last?.hasSuffix(" gone.example/IN/AAAA") == false)
        #expect(lines.last?.hasSuffix("nx.gone.example/IN/AAAA") == true)
        #expect(messages.contains("status: NXDOMAIN"))
        #expect(messages.contains(";DELAY-250.Slow.example."))
        let times = ofClients.suffix(6).compactMap(Self.milliseconds)
        #expect(times.count == 6)
        #expect((250..<5000).contains((times[1] - times[0] + 86_400_000) % 86_400_000))
        #expect(times[3] == times[2], "the second answer is from memory")
    }

    /// The time of day that a line of `dnstap-read` begins with.
    private static func milliseconds(_ line: Substring) -> Int? {
        let parts = line.split(separator: " ")
        guard parts.count > 1 else { return nil }
        let numbers = parts[1].split { $0 == ":" || $0 == "." }.compactMap { Int($0) }
        guard numbers.count == 4 else { return nil }
        return ((numbers[0] * 60 + numbers[1]) * 60 + numbers[2]) * 1000 + numbers[3]
    }

    /// What was recorded after the query that found the reader.
    private static func record(
        _ sections: String = "", asking: (Rig) throws -> Void
    ) throws -> (messages: [DnstapMessage], rig: Rig) {
        let rig = try Rig(sections: sections)
        let capture = try rig.capture()
        try Crew.require(rig.ask("first.example"))
        try asking(rig)
        rig.daemon.end()
        let all = try capture.frames().compactMap { DnstapMessage($0) }
        let later = all.drop { $0.message?.questions.first?.name == "first.example" }
        return (Array(later), rig)
    }

    @Test func whatAServerIsAskedAndSaysIsThereAsItIsInsideOfTLS() async throws {
        let (messages, query, local, server, received) = try await Crew.run {
            let query = PlainQuery("DELAY-250.Slow.example", id: 0x1234)
            let (messages, rig) = try Self.record { _ = try $0.daemon.client.udp(query) }
            let received = rig.server.record.queries(for: query.name).map(\.message.bytes)
            return (messages, query, rig.daemon.endpoint, rig.server.endpoint, received)
        }
        #expect(
            messages.map(\.kind) == [
                .clientQuery, .forwarderQuery, .forwarderResponse, .clientResponse,
            ])
        #expect(messages.map(\.carrier) == [.udp, .dot, .dot, .udp])
        #expect(messages.map(\.asked) == [local, server, server, local])
        #expect(messages.map { $0.asking == nil } == [false, true, true, false])
        try #require(messages.count == 4)
        #expect(messages[0].query?.bytes == query.bytes)
        #expect(received == [messages[1].query?.bytes], "not what the server was sent")
        #expect(messages[1].query?.bytes.count == 128)
        #expect(messages[2].response?.id == messages[1].query?.id)
        #expect(messages[2].response?.questions.first?.name == "delay-250.slow.example")
        #expect(messages[3].response?.questions.first?.name == query.name)
        let sent = try #require(messages[1].queryTime)
        // The wall clock is looked at again every second, so the two may be a little apart.
        let same = try #require(messages[2].queryTime)
        #expect(max(sent, same) - min(sent, same) < 100_000_000)
        let came = try #require(messages[2].responseTime)
        #expect((250_000_000..<5_000_000_000).contains(came - same))
        #expect(messages[3].responseTime == came)
    }

    @Test func whatAServerInTheClearIsAskedIsThereAsWell() async throws {
        let (messages, server, received) = try await Crew.run {
            let server = try PlainServer(.cuts)
            let route = "[Route corp.example]\nTransport=plain\nServer=\(server.endpoint)\n"
            let (messages, _) = try Self.record(route) {
                _ = try $0.daemon.client.tcp("www.corp.example")
            }
            let record = server.record
            return (
                messages, server.endpoint,
                record.datagrams.map(\.bytes) + record.streamQueries.map(\.bytes)
            )
        }
        #expect(
            messages.map(\.kind) == [
                .clientQuery, .forwarderQuery, .forwarderResponse, .forwarderQuery,
                .forwarderResponse, .clientResponse,
            ])
        #expect(messages.map(\.carrier) == [.tcp, .udp, .udp, .tcp, .tcp, .tcp])
        let ofServers = messages.filter { $0.asked == server }
        #expect(ofServers.count == 4)
        #expect(ofServers.compactMap(\.query?.bytes) == received)
    }

    @Test func ofAZoneTransferOnlyTheQueriesAreThere() async throws {
        let (kinds, asked, received) = try await Crew.run {
            let server = try PlainServer(.transfers(2, breaksOff: false))
            let route = "[Route corp.example]\nTransport=plain\nServer=\(server.endpoint)\n"
            let (messages, _) = try Self.record(route) {
                _ = try $0.daemon.client.tcp(PlainQuery("corp.example", 252))
            }
            let toServer = messages.first { $0.asked == server.endpoint }?.query?.bytes
            return (messages.map(\.kind), toServer, server.record.streamQueries.map(\.bytes))
        }
        #expect(kinds == [.clientQuery, .forwarderQuery])
        #expect(received == [asked])
    }

    @Test func aReaderThatStopsReadingDelaysNobody() async throws {
        let (answered, hasLost, goesOn) = try await Crew.run {
            let rig = try Rig()
            let capture = try rig.capture()
            try Crew.require(rig.ask("first.example"))
            capture.pause()
            var answered = 0
            for _ in 0..<15_000 where try rig.daemon.client.udp("first.example") != nil {
                answered += 1
            }
            let hasLost = try rig.wait(for: 1, "overflowed")
            capture.proceed()
            let before = try rig.frames("sent")
            let goesOn = try rig.ask("first.example", untilSentMoreThan: before)
            return (answered, hasLost, goesOn)
        }
        #expect(answered == 15_000)
        #expect(hasLost)
        #expect(goesOn)
    }

    @Test func aReloadSwitchesItOnAndOff() async throws {
        let (unread, lines, code) = try await Crew.run {
            let rig = try Rig(queryLog: "none")
            let capture = try rig.capture()
            _ = try rig.daemon.client.udp("before.example")
            try rig.reload(queryLog: "dnstap")
            try Crew.require(rig.ask("on.example"))
            try rig.reload(queryLog: "none")
            _ = try rig.daemon.client.udp("after.example")
            let code = rig.daemon.end()
            return (rig.server.record.queriesReceived, try capture.dnstap(), code)
        }
        #expect(unread == 3)
        #expect(lines.contains("on.example/IN/A"))
        #expect(!lines.contains("before.example") && !lines.contains("after.example"))
        #expect(code == 0)
    }

    @Test func theJournalOrStandardErrorTellsOfQueriesInWords() async throws {
        let (text, code) = try await Crew.run {
            let folder = try TemporaryFolder()
            let log = try folder.write([], as: "log")
            let server = try Fixture.server()
            let daemon = try DaemonProcess(
                Fixture.caching([server]) + "[Log]\nLevel=info\nQueryLog=journal\n", log: log)
            _ = try daemon.client.udp("www.example")
            _ = try daemon.client.udp("www.example")
            _ = try daemon.client.tcp("nx.gone.example", RecordType.aaaa)
            let code = daemon.end()
            return (String(decoding: try readFile(path: log, limit: 1 << 20), as: UTF8.self), code)
        }
        let lines = text.split(separator: "\n")
            .filter { $0.contains(" by ") && $0.contains(".example.") }
        #expect(lines.count == 3)
        #expect(lines.first?.hasPrefix("<6>www.example. A NOERROR by 127.0.0.1:") == true)
        #expect(lines.dropFirst().first == "<6>www.example. A NOERROR by memory")
        #expect(lines.last?.hasPrefix("<6>nx.gone.example. AAAA NXDOMAIN by 127.0.0.1:") == true)
        #expect(code == 0)
    }
}

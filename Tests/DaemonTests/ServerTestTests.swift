import LinuxIO
import NetAddress
import TestServers
import Testing

/// `dotproxyctl test` against servers that are good, odd and wrong.
@Suite struct ServerTestTests {
    private static func test(
        _ server: DoTServer, name: String = "#dot.example"
    ) throws -> ControlTool {
        let folder = try TemporaryFolder()
        let text = try Fixture.configuration([server], name: name)
        let path = try folder.write(Array(text.utf8), as: "dotproxy.conf")
        return try ControlTool.run("test", "--config", path, socket: "/nonexistent/control")
    }

    @Test func tellsWhatAGoodServerCanDo() async throws {
        let tool = try await Crew.run { try Self.test(Fixture.server()) }
        #expect(tool.code == 0, "\(tool.output)")
        for words in [
            "#dot.example\n  connected     ", "TLS 1.3, ", "ALPN dot",
            "verified      name dot.example\n",
            "\n                for dot.example", "pin-sha256=", "answer        ", "NOERROR, ",
            "resumption    yes, TLS after ", "result        good\n",
        ] {
            #expect(tool.output.contains(words), "\(words) in \(tool.output)")
        }
    }

    @Test func serversOfRoutesAreTestedAsWell() async throws {
        let (tool, endpoint) = try await Crew.run {
            let main = try Fixture.server()
            let routed = try Fixture.server()
            let folder = try TemporaryFolder()
            let text =
                try Fixture.configuration([main])
                + "[Route a.example]\nServer=\(routed.endpoint)#dot.example\n"
                + "Server=\(main.endpoint)#dot.example\n"
                + "[Route b.example]\nTransport=plain\nServer=192.0.2.1\n"
            let path = try folder.write(Array(text.utf8), as: "dotproxy.conf")
            let tool = try ControlTool.run(
                "test", "--config", path, socket: "/nonexistent/control")
            return (tool, routed.endpoint)
        }
        #expect(tool.code == 0, "\(tool.output)")
        #expect(tool.output.contains("\(endpoint)#dot.example\n"))
        // Each once, and nobody in the clear, where there is nothing to verify.
        #expect(tool.output.split(separator: "\n").count { $0.contains("result   ") } == 2)
    }

    @Test func saysWhatIsWrongAndShowsTheCertificate() async throws {
        let tool = try await Crew.run { try Self.test(Fixture.server(), name: "#other.test") }
        #expect(tool.code == 1)
        #expect(tool.output.contains("pin-sha256="))
        #expect(tool.output.contains("result        FAILED: name is dot.example"))
    }

    @Test func saysThatNobodyListens() async throws {
        let tool = try await Crew.run {
            let server = try Fixture.server()
            server.stop()
            return try Self.test(server)
        }
        #expect(tool.code == 1)
        #expect(tool.output.contains("result        FAILED: Connection refused"))
    }
}

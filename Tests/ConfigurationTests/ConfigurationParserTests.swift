import Configuration
import NetAddress
import Testing

@Suite struct ConfigurationParserTests {
    @Test func fileWithEveryKey() throws {
        let parsed = try configuration(
            """
            [Upstream]
            Server=192.0.2.1#dns.example
            Server=[2001:db8::1]:8853
            Timeout=3s
            [TLS]
            CAFile=/etc/ssl/ca.pem
            MinimumVersion=1.3
            PaddingBlock=256
            [Listen]
            Address=127.0.0.1:5300
            Address=::1
            Workers=2
            MaximumUDPSize=4K
            TCPClients=10
            TCPQueriesPerClient=20
            TCPIdleTimeout=1min
            [Log]
            Level=debug
            """)
        var expected = Configuration.default
        expected.upstream.servers = [
            .server(
                UpstreamServer(
                    endpoint: Endpoint(address: IPAddress(v4: 0xc000_0201), port: 853),
                    name: ServerName("dns.example"))),
            .server(
                UpstreamServer(
                    endpoint: Endpoint(
                        address: IPAddress(v6High: 0x2001_0db8_0000_0000, low: 1), port: 8853),
                    name: nil)),
        ]
        expected.upstream.timeout = .seconds(3)
        expected.tls.caFile = "/etc/ssl/ca.pem"
        expected.tls.minimumVersion = .v13
        expected.tls.paddingBlock = 256
        expected.listen.addresses = [
            Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 5300),
            Endpoint(address: IPAddress(v6High: 0, low: 1), port: 53),
        ]
        expected.listen.workers = .count(2)
        expected.listen.maximumUDPSize = 4096
        expected.listen.tcpClients = 10
        expected.listen.tcpQueriesPerClient = 20
        expected.listen.tcpIdleTimeout = .seconds(60)
        expected.log.level = .debug
        #expect(parsed == expected)
    }

    @Test func listsAddAndScalarsAreReplacedAcrossFiles() throws {
        let parsed = try configuration(
            server + "Timeout=1s\nTimeout=2s", "[Upstream]\nServer=192.0.2.2\nTimeout=3s")
        #expect(parsed.upstream.servers.map(\.description) == ["192.0.2.1:853", "192.0.2.2:853"])
        #expect(parsed.upstream.timeout == .seconds(3))
    }

    @Test func emptyValuesReset() throws {
        let parsed = try configuration(
            server + "Timeout=1s\n[TLS]\nCAFile=/a\n[Listen]\nAddress=::1",
            "[Upstream]\nServer=\nServer=192.0.2.1\nTimeout=\n[TLS]\nCAFile =\n[Listen]\nAddress= ")
        var expected = try configuration(server)
        #expect(parsed == expected)
        expected.upstream.timeout = .seconds(1)
        #expect(parsed != expected)
    }

    @Test func sectionsDoNotReachIntoTheNextFile() throws {
        #expect {
            try configuration(server, "Timeout=1s")
        } throws: { error in
            "\(error)".hasPrefix("1:1:1: 'Timeout' is set outside of any section")
        }
    }

    @Test(arguments: [
        (
            "Timeout=1s\n",
            "f:1:1: 'Timeout' is set outside of any section (put '[Upstream]' on a line above)"
        ),
        ("Nothing=1s\n", "f:1:1: 'Nothing' is set outside of any section"),
        (server + "[Upstrem]\n", "f:3:2: unknown section 'Upstrem' (did you mean '[Upstream]'?)"),
        (server + "[tls]\n", "f:3:2: unknown section 'tls' (did you mean '[TLS]'?)"),
        (server + "[Foreign]\nKey=1\nnonsense=", "f:3:2: unknown section 'Foreign'"),
        (server + "[TLS\n", "f:3:5: expected ']' after the name of the section"),
        (
            server + "serve=1.1.1.1\n",
            "f:3:1: unknown key 'serve' in section [Upstream] (did you mean 'Server='?)"
        ),
        (server + "  Nothing=1\n", "f:3:3: unknown key 'Nothing' in section [Upstream]"),
        (
            server + "CAFile=/a\n",
            "f:3:1: unknown key 'CAFile' in section [Upstream] (it belongs in section [TLS])"
        ),
        (server + "=1\n", "f:3:1: unknown key '' in section [Upstream]"),
        (server + "Timeout 3s\n", "f:3:1: expected 'Key=value', found 'Timeout 3s'"),
        (
            server + "Timeout=never\n",
            "f:3:9: Timeout=: expected a time span, found 'never' (like '4.5s', '100ms' or '1min 30s')"
        ),
        (
            server + "Timeout=\"3s\"\n",
            "f:3:9: Timeout=: expected a time span, found '\"3s\"' (like '4.5s', '100ms' or '1min 30s')"
        ),
        (
            server + "Timeout=5s",
            "f:3:9: Timeout=: expected 500ms to 4.9s, found '5s' (programs stop waiting for an answer after 5s)"
        ),
        (
            server + "Timeout=499ms",
            "f:3:9: Timeout=: expected 500ms to 4.9s, found '499ms' (programs stop waiting for an answer after 5s)"
        ),
        (
            server + "[TLS]\nPaddingBlock=0",
            "f:4:14: PaddingBlock=: expected a number from 1 to 512, found '0'"
        ),
        (
            server + "[TLS]\nPaddingBlock='64'",
            "f:4:14: PaddingBlock=: expected a number from 1 to 512, found ''64'' (write the value without quotes)"
        ),
        (
            server + "[TLS]\nPaddingBlock=64 # enough",
            "f:4:14: PaddingBlock=: expected a number from 1 to 512, found '64 # enough' (a comment stands on a line of its own)"
        ),
        (
            server + "[TLS]\nMinimumVersion=1.1",
            "f:4:16: MinimumVersion=: expected '1.2', '1.3', found '1.1' (did you mean '1.2'?)"
        ),
        (
            server + "[TLS]\nCAFile=ca.pem",
            "f:4:8: CAFile=: expected an absolute path, found 'ca.pem'"
        ),
        (server + "[TLS]\nCAFile=/ca\\ ", "f:4:8: CAFile=: a path may not end in a backslash"),
        (
            server + "[Listen]\nWorkers=65",
            "f:4:9: Workers=: expected 'auto' or a number from 1 to 64, found '65'"
        ),
        (
            server + "[Listen]\nAddress=224.0.0.1",
            "f:4:9: Address=: 224.0.0.1 is no address of one host"
        ),
        (
            server + "[Listen]\nAddress=::1:53",
            "f:4:9: Address=: '::1:53' can be read with and without a port (write '[::1]:53' or '[::1:53]')"
        ),
        (
            server + "[Listen]\nAddress=::1\nAddress=[::1]:53",
            "f:5:9: Address=: '[::1]:53' is there already"
        ),
        (
            server + "[Log]\nLevel=warn",
            "f:4:7: Level=: expected 'error', 'warning', 'notice', 'info', 'debug', found 'warn' (did you mean 'warning'?)"
        ),
        (server + "Server=192.0.2.1:853", "f:3:8: Server=: '192.0.2.1:853' is there already"),
        (
            server + "Timeout=\\\n\\\n  never\n",
            "f:5:3: Timeout=: expected a time span, found 'never' (like '4.5s', '100ms' or '1min 30s')"
        ),
        (
            "",
            "f: Server=: no upstream server is configured (add 'Server=ADDRESS#NAME' to section [Upstream])"
        ),
        (
            "[Upstream]\nServer=192.0.2.1\nServer=\n",
            "f: Server=: no upstream server is configured (add 'Server=ADDRESS#NAME' to section [Upstream])"
        ),
    ])
    func oneProblem(text: String, problem: String) {
        #expect(problems(text) == [problem])
    }

    /// What follows a good line; long ones are counted, since arguments are printed in full.
    struct BadOctets: CustomTestStringConvertible {
        let tail: [UInt8]
        let problem: String

        init(_ tail: [UInt8], _ problem: String) {
            self.tail = tail
            self.problem = problem
        }

        var testDescription: String { "\(tail.count) octets: \(problem)" }
    }

    private static let badOctets: [BadOctets] = [
        BadOctets([0x00], "f:3:1: the line holds a NUL octet"),
        BadOctets(Array("Timeout=\u{1b}[1m".utf8), "f:3:9: the line holds a control character"),
        BadOctets(Array("Timeout=1\rTimeout=2".utf8), "f:3:10: the line holds a control character"),
        BadOctets(Array("Timeout=".utf8) + [0xff], "f:3:9: the line is not UTF-8"),
        BadOctets([UInt8](repeating: 0x61, count: 65537), "f:3:1: the line is over 64 KiB long"),
        BadOctets([UInt8](repeating: 0x0a, count: 1 << 20), "f: the file is over 1 MiB long"),
    ]

    @Test(arguments: badOctets)
    func oneProblemInOctets(_ bad: BadOctets) {
        #expect(problems(Array(server.utf8) + bad.tail) == [bad.problem])
    }

    @Test func problemsCarryTheirPlace() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration(server, "\n[TLS]\nPaddingBlock=x")
        }
        let problem = try #require(error?.problems.first)
        #expect(problem.file == "1")
        #expect(problem.line == 3)
        #expect(problem.column == 14)
        #expect(problem.section == "TLS")
        #expect(problem.key == "PaddingBlock")
    }

    @Test func allProblemsAreToldUpToTheBound() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration(server + String(repeating: "Tim=1\n", count: 25))
        }
        #expect(error?.problems.map(\.line) == Array(3...22))
        #expect(error?.omittedCount == 5)
        #expect(error?.description.hasSuffix("\n... and 5 more problems") == true)
    }

    @Test func aBadServerIsNotReportedAsNone() {
        #expect(problems("[Upstream]\nServer=x").count == 1)
    }

    @Test func listsAreBounded() {
        let servers = (0..<17).map { "Server=192.0.2.\($0)\n" }.joined()
        #expect(
            problems("[Upstream]\n" + servers)
                == ["f:18:8: Server=: there may be at most 16 of these"])
    }

    @Test func longValuesAreCutInProblems() {
        let name = String(repeating: "n", count: 1000)
        let told = problems("\(server)\(name)=1")
        #expect(told == ["f:3:1: unknown key '\(name.prefix(60))...' in section [Upstream]"])
    }

    @Test func aNameNeedsSomebodyWhoKnowsItsAddress() throws {
        let name = "[Upstream]\nServer=dns.example\n"
        #expect(
            problems(Array(name.utf8)) == [
                "f: Bootstrap=: nobody is named who knows the address of 'dns.example' "
                    + "(add 'Bootstrap=ADDRESS#NAME' to section [Upstream])"
            ])
        let parsed = try configuration(name + "Bootstrap=192.0.2.1#dns.example\n")
        #expect(parsed.upstream.servers.map(\.description) == ["dns.example:853"])
        #expect(parsed.upstream.bootstrap.map(\.description) == ["192.0.2.1:853#dns.example"])
        let byName = "[Upstream]\nServer=192.0.2.1\nBootstrap=dns.example\n"
        #expect(problems(Array(byName.utf8)).count == 1)
    }
}

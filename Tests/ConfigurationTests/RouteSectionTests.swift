import Configuration
import NetAddress
import Testing

@Suite struct RouteSectionTests {
    private func route(_ header: String, _ keys: String = "Server=192.0.2.9") -> String {
        server + "[Route\(header)]\n" + keys + "\n"
    }

    @Test func eachHeaderIsARoute() throws {
        let parsed = try configuration(
            route(" corp.example 10.0.0.0/8", "Server=10.0.0.53#ns.corp.example\nPolicy=balance")
                + "[Route ~home.example]\nServer=192.0.2.10\nServer=192.0.2.11\n")
        #expect(
            parsed.routes.map { $0.names.map(\.description) }
                == [["corp.example", "10.0.0.0/8"], ["home.example"]])
        #expect(parsed.routes[0].servers.map(\.description) == ["10.0.0.53:853#ns.corp.example"])
        #expect(parsed.routes.map(\.policy) == [.balance, .ordered])
        #expect(parsed.routes[1].servers.count == 2)
        #expect(parsed.upstream.servers.count == 1)
    }

    @Test func aHeaderThatComesAgainGoesOnWithItsRoute() throws {
        let parsed = try configuration(
            route(" corp.example"), "[Route other.example]\nServer=192.0.2.8",
            "[Route CORP.example.]\nServer=\nServer=192.0.2.10\nPolicy=race")
        #expect(parsed.routes.count == 2)
        #expect(parsed.routes[0].servers.map(\.description) == ["192.0.2.10:853"])
        #expect(parsed.routes[0].policy == .race)
    }

    @Test func textParsesToAnEqualValue() throws {
        let parsed = try configuration(
            route(" corp.example 10.0.0.0/8") + "[Route ~.]\nServer=192.0.2.10\nPolicy=hash\n")
        #expect(parsed.text.contains("\n[Route corp.example 10.0.0.0/8]\nServer=192.0.2.9:853\n"))
        #expect(parsed.text.contains("\n[Route .]\nServer=192.0.2.10:853\n"))
        #expect(try configuration(parsed.text) == parsed)
        #expect(try !configuration(server).text.contains("Route"))
    }

    @Test(arguments: [
        ("", "f:3:2: expected the names of the route (like '[Route corp.example]')"),
        (
            " a..b",
            "f:3:8: expected a domain or the prefix of addresses, found 'a..b' "
                + "(like 'corp.example', '10.0.0.0/8', or '~.' for all names)"
        ),
        (
            " corp.example 10.0.0.1/8",
            "f:3:21: expected a domain or the prefix of addresses, found '10.0.0.1/8' "
                + "(like 'corp.example', '10.0.0.0/8', or '~.' for all names)"
        ),
        (" a.example a.example", "f:3:18: a.example has a route already"),
        (" 10.0.0.0/8 10.in-addr.arpa", "f:3:19: 10.in-addr.arpa has a route already"),
    ])
    func headersThatAreNone(header: String, problem: String) {
        #expect(problems(route(header)) == [problem])
    }

    @Test func namesBelongToOneRoute() {
        let text = route(" a.example") + "[Route b.example a.example]\nServer=192.0.2.8"
        #expect(problems(text) == ["f:5:18: a.example has a route already"])
    }

    @Test func aRouteNeedsAServer() {
        #expect(
            problems(route(" a.example", "Policy=race")) == [
                "f:3:1: the route has no server (add 'Server=ADDRESS#NAME' below its header)"
            ])
    }

    @Test func routesAndTheirServersAreBounded() {
        let many = (0...16).map { "[Route r\($0).example]\nServer=192.0.2.\($0 + 1)\n" }
        #expect(problems(server + many.joined()) == ["f:35:1: there may be at most 16 routes"])
        let servers = (1...16).map { "Server=192.0.2.\($0)\n" }.joined()
        let all = "[Upstream]\n" + servers + "[Route a.example]\n" + servers
        #expect(problems(all) == [])
        #expect(
            problems(all + "[Route b.example]\nServer=192.0.2.1")
                == ["f:35:1: there may be at most 32 servers in all"])
        #expect(
            problems(route(" 10.0.0.0/9 11.0.0.0/9 a.example")) == [
                "f:3:1: there may be at most 256 routed domains "
                    + "(a prefix that ends amid a label is up to 128 of them)"
            ])
    }

    @Test func keysOfOtherSectionsAreToldApart() {
        #expect(
            problems(route(" a.example", "Timeout=3s\nServer=192.0.2.9")) == [
                "f:4:1: unknown key 'Timeout' in section [Route] (it belongs in section [Upstream])"
            ])
        #expect(
            problems(server + "[Routes a.example]") == ["f:3:2: unknown section 'Routes a.example'"]
        )
    }

    @Test func theTransportDecidesOnTheDefaultPort() throws {
        let parsed = try configuration(
            route(" a.example", "Server=192.0.2.9\nServer=[2001:db8::1]:5300\nTransport=plain"))
        #expect(parsed.routes[0].transport == .plain)
        let transports = parsed.routes[0].servers.map { target in
            if case .server(let server) = target { server.transport } else { ServerTransport.tls }
        }
        #expect(transports == [.plain, .plain])
        #expect(
            parsed.routes[0].servers.map(\.description) == [
                "192.0.2.9:53", "[2001:db8::1]:5300",
            ])
        #expect(try configuration(parsed.text) == parsed)
    }

    @Test func aServerMayBeKnownByName() throws {
        let parsed = try configuration(
            route(" a.example", "Server=ns.a.example\nServer=ns.b.example:8853\nServer=192.0.2.9")
                + "[Upstream]\nBootstrap=192.0.2.7\n")
        #expect(
            parsed.routes[0].servers.map(\.description) == [
                "ns.a.example:853", "ns.b.example:8853", "192.0.2.9:853",
            ])
        #expect(parsed.hosts.map(\.name.description) == ["ns.a.example", "ns.b.example"])
        #expect(try configuration(parsed.text) == parsed)
    }

    @Test func whoKnowsTheNameMustBeNamed() {
        #expect(
            problems(route(" a.example", "Server=ns.a.example")) == [
                "f: Bootstrap=: nobody is named who knows the address of 'ns.a.example' "
                    + "(add 'Bootstrap=ADDRESS#NAME' to section [Upstream])"
            ])
    }

    @Test func inTheClearNamesAreNotLookedUp() {
        #expect(
            problems(route(" a.example", "Server=ns.a.example\nTransport=plain")) == [
                "f:3:1: server ns.a.example proves nothing in the clear "
                    + "(write its address, or leave out 'Transport=plain')"
            ])
    }

    @Test(arguments: ["192.0.2.9#ns.example", "192.0.2.9 pin-sha256=\(pin)"])
    func aServerInTheClearProvesNothing(value: String) {
        #expect(
            problems(route(" a.example", "Server=\(value)\nTransport=plain")) == [
                "f:3:1: server 192.0.2.9 proves nothing in the clear "
                    + "(leave out name and digests, or 'Transport=plain')"
            ])
    }

    @Test func upstreamsAreNeverAskedInTheClear() {
        #expect(
            problems(server + "Transport=plain") == [
                "f:3:1: unknown key 'Transport' in section [Upstream] (it belongs in section [Route])"
            ])
    }
}

private let pin = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

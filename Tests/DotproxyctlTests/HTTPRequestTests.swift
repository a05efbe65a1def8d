import Testing

@testable import dotproxyctl

@Suite struct HTTPRequestTests {
    @Test(arguments: [
        ("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", HTTPRequest.get(path: "/metrics")),
        ("GET /metrics?a=b HTTP/1.0\n\n", .get(path: "/metrics")),
        ("HEAD / HTTP/1.1\r\n\r\n", .head(path: "/")),
        ("POST /metrics HTTP/1.1\r\n\r\n", .otherMethod),
        ("GET /metrics HTTP/1.1\r\nHost: a\r\n", .incomplete), ("", .incomplete),
        ("GET /metrics HTTP/2\r\n\r\n", .malformed), ("GET /a b HTTP/1.1\r\n\r\n", .malformed),
        ("GET http://a/ HTTP/1.1\r\n\r\n", .malformed), ("\r\n\r\n", .malformed),
        ("GET /\u{e4} HTTP/1.1\r\n\r\n", .malformed), (" / HTTP/1.1\r\n\r\n", .malformed),
    ])
    func reads(_ text: String, _ request: HTTPRequest) {
        #expect(HTTPRequest(Array(text.utf8)) == request)
    }

    @Test func givesUpOnHeadersWithoutEnd() {
        let text = "GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 2000)
        #expect(HTTPRequest(Array(text.utf8.prefix(HTTPRequest.limit))) == .malformed)
    }

    @Test func anyPrefixIsIncompleteOrMalformed() {
        let whole = Array("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        for length in 0..<whole.count {
            #expect(HTTPRequest(Array(whole[..<length])) == .incomplete)
        }
    }

    @Test func responses() {
        let response = HTTPResponse(code: 200, body: "ok\n")
        let text = String(decoding: response.octets(withBody: true), as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n"))
        #expect(
            text.hasSuffix(
                "Content-Length: 3\r\nCache-Control: no-store\r\nConnection: close\r\n\r\nok\n"))
        let head = String(decoding: response.octets(withBody: false), as: UTF8.self)
        #expect(head.hasSuffix("\r\n\r\n"))
        let service = MetricsService(path: "/nonexistent/control")
        #expect(service.answer(.get(path: "/")).code == 404)
        #expect(service.answer(.otherMethod).code == 405)
        #expect(service.answer(.malformed).code == 400)
        for path in ["/metrics", "/healthz", "/readyz"] {
            #expect(service.answer(.get(path: path)).code == 503)
        }
    }
}

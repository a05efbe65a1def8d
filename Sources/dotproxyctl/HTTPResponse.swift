/// An answer to one request, after which the connection is closed.
struct HTTPResponse: Equatable {
    let code: Int
    let body: String
    var type = "text/plain; charset=utf-8"
    /// More header lines, each without its end.
    var headers: [String] = []

    static let malformed = HTTPResponse(code: 400, body: "bad request\n")
    static let notFound = HTTPResponse(code: 404, body: "only /metrics, /healthz and /readyz\n")
    static let otherMethod = HTTPResponse(
        code: 405, body: "only GET and HEAD\n", headers: ["Allow: GET, HEAD"])

    private var reason: String {
        switch code {
        case 200: "OK"
        case 400: "Bad Request"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        default: "Service Unavailable"
        }
    }

    /// The answer as it is sent; to HEAD without the body.
    func octets(withBody: Bool) -> [UInt8] {
        let lines =
            [
                "HTTP/1.1 \(code) \(reason)", "Content-Type: \(type)",
                "Content-Length: \(body.utf8.count)", "Cache-Control: no-store",
                "Connection: close",
            ] + headers
        return Array((lines.map { $0 + "\r\n" }.joined() + "\r\n" + (withBody ? body : "")).utf8)
    }
}

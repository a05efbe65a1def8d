internal import Collections
internal import Control
internal import LinuxIO
internal import NetAddress

/// One HTTP connection on standard input and output, as a socket unit with `Accept=yes` makes it.
///
/// The daemon itself speaks no HTTP.
struct MetricsService {
    /// The time for the whole connection.
    private static let patience = Interval.seconds(5)

    /// What a descriptor that is ready takes without waiting, although it is a blocking one.
    private static let pieceSize = 4096

    /// Where the daemon is asked.
    let path: String

    /// Reads one request and answers it.
    func serve() {
        let end = Clock.monotonic() + Self.patience
        let input = FileDescriptor(owning: 0)
        let output = FileDescriptor(owning: 1)
        guard let request = Self.read(from: input, until: end) else { return }
        let isHead = if case .head = request { true } else { false }
        Self.write(answer(request).octets(withBody: !isHead), to: output, until: end)
    }

    func answer(_ request: HTTPRequest) -> HTTPResponse {
        switch request {
        case .get(let path), .head(let path): answer(path: path)
        case .otherMethod: .otherMethod
        case .malformed, .incomplete: .malformed
        }
    }

    private func answer(path: String) -> HTTPResponse {
        switch path {
        case "/metrics":
            asking("stats prometheus") { reply in
                HTTPResponse(
                    code: 200, body: reply.body, type: "text/plain; version=0.0.4; charset=utf-8")
            }
        case "/healthz": asking("ping") { _ in HTTPResponse(code: 200, body: "ok\n") }
        case "/readyz":
            asking("status") { reply in
                HTTPResponse(code: reply.words == "down" ? 503 : 200, body: "\(reply.words)\n")
            }
        default: .notFound
        }
    }

    private func asking(
        _ request: String, _ success: (ControlReply) -> HTTPResponse
    ) -> HTTPResponse {
        do throws(ControlClient.Failure) {
            let reply = try ControlClient.ask(request, path: path, patience: Self.patience)
            guard reply.isSuccess else { return HTTPResponse(code: 503, body: "\(reply.words)\n") }
            return success(reply)
        } catch {
            return HTTPResponse(code: 503, body: "the daemon cannot be asked\n")
        }
    }

    /// The request, `nil` where nobody asks.
    private static func read(
        from input: borrowing FileDescriptor, until end: Instant
    ) -> HTTPRequest? {
        var octets: [UInt8] = []
        var room = [UInt8](repeating: 0, count: HTTPRequest.limit)
        while true {
            let request = HTTPRequest(octets)
            guard request == .incomplete else { return request }
            guard Readiness.readable.wait(for: input, patience: end - Clock.monotonic()),
                let count = receive(from: input, into: &room)
            else { return octets.isEmpty ? nil : .malformed }
            octets += room[..<min(count, HTTPRequest.limit - octets.count)]
        }
    }

    /// The number of octets read, `nil` at the end.
    private static func receive(
        from input: borrowing FileDescriptor, into room: inout [UInt8]
    ) -> Int? {
        var span = room.mutableSpan
        var bytes = span.mutableOctets
        return switch try? input.read(into: &bytes) {
        case .bytes(let count): count
        case .wouldBlock: 0
        case .endOfStream, nil: nil
        }
    }

    private static func write(
        _ octets: [UInt8], to output: borrowing FileDescriptor, until end: Instant
    ) {
        var written = 0
        while written < octets.count {
            guard Readiness.writable.wait(for: output, patience: end - Clock.monotonic()) else {
                return
            }
            let rest = octets.span.octets.extracting(written...)
                .extracting(first: pieceSize)
            switch try? output.write(rest) {
            case .bytes(let count): written += count
            case .wouldBlock: break
            case .endOfStream, nil: return
            }
        }
    }
}

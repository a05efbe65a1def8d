internal import Collections
internal import DNSText
internal import DNSWire
internal import LinuxIO
internal import NetAddress
internal import TLS

/// Connects to one server anew, and says step by step what it can do and what is wrong.
struct ServerTest {
    let server: UpstreamServer
    let context: TLSContext
    let paddingBlock: Int

    /// Prints what is found; whether the server is of use.
    func run() -> Bool {
        print(server)
        do throws(TestFailure) {
            let ticket = try firstConnection()
            secondConnection(ticket)
            say("result", "good")
            return true
        } catch {
            say("result", "FAILED: \(error.words)")
            return false
        }
    }

    private func firstConnection() throws(TestFailure) -> SessionTicket? {
        var start = Clock.monotonic()
        var connection = try TestConnection(to: server, context: context)
        say("connected", Self.time(since: start))
        start = Clock.monotonic()
        let tls: TLSProperties
        do throws(TestFailure) {
            tls = try connection.shakeHands()
        } catch {
            // Who it is instead is what the operator wants to see.
            show(connection.certificates)
            throw error
        }
        say("TLS", "\(Self.time(since: start)), \(Self.words(tls))")
        say("verified", "\(tls.verifiedBy)")
        show(connection.certificates)
        try askRoot(&connection)
        let ticket = connection.takeTicket()
        connection.close()
        return ticket
    }

    /// Asks for records of the root zone, which every resolver knows and which are signed.
    private func askRoot(_ connection: inout TestConnection) throws(TestFailure) {
        let start = Clock.monotonic()
        let answer = try ask(.soa, &connection)
        say("answer", "\(Self.time(since: start)), \(answer.words)")
        guard answer.code == .noError else {
            throw TestFailure("the answer about the root is \(answer.code.text)")
        }
        say(
            "DNSSEC",
            answer.hasSignature
                ? "records are passed" + (answer.isValidated ? ", the server validates" : "")
                : "records are NOT passed: programs that validate get no answers")
        let keys = try ask(RecordType(rawValue: 48), &connection)
        let largest = max(keys.byteCount, answer.byteCount)
        say("largest", "\(largest) octets came whole")
    }

    private func ask(
        _ type: RecordType, _ connection: inout TestConnection
    ) throws(TestFailure) -> TestAnswer {
        let question: [UInt8] = [
            0, UInt8(type.rawValue >> 8), UInt8(truncatingIfNeeded: type.rawValue), 0, 1,
        ]
        let octets = try connection.ask(query(question))
        guard let answer = TestAnswer(octets.span.octets, question: question.span.octets)
        else {
            throw TestFailure("the server sends what is no answer")
        }
        return answer
    }

    private func query(_ question: [UInt8]) -> [UInt8] {
        var octets = [UInt8](
            repeating: 0, count: UpstreamQuery.maximumByteCount(paddingBlock: paddingBlock))
        let query = UpstreamQuery(
            id: 1, flags: [.recursionDesired, .authenticData], dnssecOK: true,
            asksKeepalive: true, paddingBlock: paddingBlock)
        let length: Int
        do {
            var span = octets.mutableSpan
            var message = span.mutableOctets
            length = query.write(question: question.span.octets, into: &message)
        }
        return Array(octets[..<length])
    }

    /// Whether a session can be continued does not make a server good or bad.
    private func secondConnection(_ ticket: SessionTicket?) {
        guard let ticket else { return say("resumption", "the server gives no tickets") }
        do throws(TestFailure) {
            var connection = try TestConnection(to: server, context: context, ticket: ticket)
            let start = Clock.monotonic()
            let tls = try connection.shakeHands()
            say(
                "resumption",
                tls.isResumed
                    ? "yes, TLS after \(Self.time(since: start))"
                    : "the server does not take its own ticket")
            connection.close()
        } catch {
            say("resumption", "failed: \(error.words)")
        }
    }

    private func show(_ certificates: [PresentedCertificate]) {
        for (number, certificate) in certificates.enumerated() {
            say(number == 0 ? "certificate" : "issuer \(number)", certificate.subject)
            if !certificate.names.isEmpty {
                say("", "for \(certificate.names.joined(separator: ", "))")
            }
            let days = (certificate.notAfter - Clock.realTimeSeconds()) / 86_400
            say("", "until \(certificate.lastDay), \(days) days from now, by \(certificate.issuer)")
            if let pin = certificate.pin, number == 0 { say("", "pin-sha256=\(pin)") }
        }
    }

    private func say(_ topic: String, _ words: String) {
        let margin = String(repeating: " ", count: max(14 - topic.count, 1))
        print("  \(topic)\(margin)\(words)")
    }

    private static func words(_ tls: TLSProperties) -> String {
        "TLS \(tls.version), \(tls.cipher), \(tls.group), ALPN "
            + (tls.applicationProtocol ?? "not answered")
    }

    private static func time(since start: Instant) -> String {
        let tenths = ((Clock.monotonic() - start).microseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}

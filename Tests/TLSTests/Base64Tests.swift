import CGnuTLS
import TestSupport
import Testing

@testable import TLS

@Suite struct Base64Tests {
    private func decoded(_ text: String) -> [UInt8]? {
        var octets: [UInt8] = [7]
        let isSound = Array(text.utf8).withUnsafeBufferPointer {
            Base64.decode($0, into: &octets)
        }
        return isSound && octets.first == 7 ? Array(octets.dropFirst()) : nil
    }

    // RFC 4648 section 10.
    @Test(
        arguments: [
            ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"),
            ("Zm9vYmE=", "fooba"), ("Zm9vYmFy", "foobar"), ("\nZm9v\r\nYm Fy\n", "foobar"),
            ("Zg=\n=\n", "f"),
        ])
    func decodes(_ text: String, _ expected: String) {
        #expect(decoded(text) == Array(expected.utf8))
    }

    @Test(
        arguments: [
            "Z", "Zm", "Zm9", "Zg=", "Zg===", "Zm8==", "Zm9v=", "Zh==", "Zm9=", "Zm9v-",
            "Zm\u{e9}v",
            "Zg==Zg==", "Zm9v\0", "=", "====",
        ])
    func refuses(_ text: String) {
        #expect(decoded(text) == nil)
    }

    @Test func readsWhatGnuTLSWrites() throws {
        var random = SplitMix64(seed: 11)
        for length in 0..<200 {
            let octets = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = String(decoding: try PEM.encode(octets), as: UTF8.self)
            let body = text.split(separator: "\n").filter { !$0.hasPrefix("-") }
            #expect(decoded(body.joined(separator: "\n")) == octets)
        }
    }
}

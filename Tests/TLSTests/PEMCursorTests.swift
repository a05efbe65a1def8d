import Testing

@testable import TLS

@Suite struct PEMCursorTests {
    private func bodies(_ text: String) -> [String] {
        Array(text.utf8).withUnsafeBufferPointer { text in
            var cursor = PEMCursor(borrowing: text)
            var bodies: [String] = []
            while let block = cursor.next() {
                bodies.append(
                    String(decoding: block.body, as: UTF8.self) + (block.isClosed ? "" : "?"))
            }
            return bodies
        }
    }

    private static let first = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
    private static let second =
        "-----BEGIN X509 CERTIFICATE-----\r\nBBBB\r\n-----END X509 CERTIFICATE-----\r"
    private static let key = "-----BEGIN PRIVATE KEY-----\nCCCC\n-----END PRIVATE KEY-----"
    private static let request =
        "-----BEGIN CERTIFICATE REQUEST-----\nDDDD\n-----END CERTIFICATE REQUEST-----"

    @Test(
        arguments: [
            ("", []),
            ("no certificate - none at all\n--", []),
            (first, ["\nAAAA\n"]),
            ("\(first)\n", ["\nAAAA\n"]),
            ("# comment\n\(first)\ntext - text\n\(second)\n", ["\nAAAA\n", "\nBBBB\r\n"]),
            ("\u{feff}\(first)\n\(first)\n", ["\nAAAA\n", "\nAAAA\n"]),
            ("\(key)\n\(first)\n\(key)\n", ["\nAAAA\n"]),
            ("\(request)\n", []),
            ("\(first)\n-----BEGIN CERTIFICATE-----\nAA", ["\nAAAA\n", "\nAA?"]),
            ("-----BEGIN CERTIFICATE-----", ["?"]),
        ] as [(String, [String])])
    func findsCertificates(in text: String, _ expected: [String]) {
        #expect(bodies(text) == expected)
    }
}

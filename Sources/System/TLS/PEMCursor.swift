import Glibc

/// Finds one certificate after another in a PEM text (RFC 7468).
@safe
struct PEMCursor {
    /// What a certificate begins with; the second is an old name, which GnuTLS takes as well.
    private static let openings: [StaticString] = [
        "-----BEGIN CERTIFICATE-----", "-----BEGIN X509 CERTIFICATE-----",
    ]
    private static let closing: [StaticString] = ["-----END "]

    /// Borrowed from whoever makes the cursor.
    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(borrowing text: UnsafeBufferPointer<UInt8>) {
        unsafe self.text = text
    }

    /// What is between the lines around the next certificate; one without an end has all the rest.
    mutating func next() -> (body: UnsafeBufferPointer<UInt8>, isClosed: Bool)? {
        guard find(Self.openings) != nil else { return nil }
        let start = unsafe index(of: UInt8(ascii: "\n")) ?? text.count
        let end = find(Self.closing)
        return unsafe (UnsafeBufferPointer(rebasing: text[start..<(end ?? text.count)]), end != nil)
    }

    /// The next place that says one of `words`, which begin with a dash, and the end without one.
    ///
    /// Base64 has no dashes, so this looks at a few places for each certificate.
    private mutating func find(_ words: [StaticString]) -> Int? {
        while let place = index(of: UInt8(ascii: "-")) {
            if let found = words.first(where: { says($0, at: place) }) {
                position = place + found.utf8CodeUnitCount
                return place
            }
            position = place + 1
        }
        position = unsafe text.count
        return nil
    }

    /// Where an octet is next.
    private func index(of octet: UInt8) -> Int? {
        let rest = unsafe UnsafeBufferPointer(rebasing: text[position...])
        guard let base = rest.baseAddress,
            let found = unsafe memchr(base, CInt(octet), rest.count)
        else { return nil }
        return unsafe position + UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
    }

    private func says(_ words: StaticString, at place: Int) -> Bool {
        let length = words.utf8CodeUnitCount
        guard unsafe length <= text.count - place, let base = unsafe text.baseAddress else {
            return false
        }
        // As many octets as both have, which was tested on the line above.
        return unsafe memcmp(base + place, words.utf8Start, length) == 0
    }
}

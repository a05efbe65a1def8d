import NetAddress
import TestSupport
import Testing

@Suite struct PublicKeyPinTests {
    /// SHA-256 digests in base64, made with `openssl dgst -sha256 -binary | base64`.
    static let vectors: [(text: String, octets: [UInt8])] = [
        (String(repeating: "A", count: 43) + "=", [UInt8](repeating: 0, count: 32)),
        (String(repeating: "/", count: 42) + "8=", [UInt8](repeating: 255, count: 32)),
        (
            // The digest of nothing.
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            [
                0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f,
                0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b,
                0x78, 0x52, 0xb8, 0x55,
            ]
        ),
    ]

    static let bad = [
        "", "=", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU==",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==",
        // Bits beyond the 32 octets, the alphabet of URLs, a space, and no padding.
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFW=",
        "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
        "47DEQpj8HBSa+/TImW+5 CeuQeRkm5NMpJWZG3hSuFU=",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFUA",
        "47DEQpj8HBSa+/TImW=5JCeuQeRkm5NMpJWZG3hSuFU=",
        " 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF=",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSué=",
    ]

    @Test(arguments: vectors) func readsAndWrites(text: String, octets: [UInt8]) throws {
        let pin = try #require(PublicKeyPin(text))
        #expect(pin.digest == octets)
        #expect(pin.description == text)
        #expect(PublicKeyPin(digest: octets) == pin)
    }

    @Test(arguments: bad) func refuses(text: String) {
        #expect(PublicKeyPin(text) == nil)
    }

    @Test(arguments: [0, 20, 31, 33, 64]) func refusesDigests(byteCount: Int) {
        #expect(PublicKeyPin(digest: [UInt8](repeating: 1, count: byteCount)) == nil)
    }

    @Test func readsWhatItWrites() throws {
        var generator = SplitMix64(seed: 7469)
        for _ in 0..<2000 {
            let octets = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let pin = try #require(PublicKeyPin(digest: octets))
            #expect(PublicKeyPin(pin.description)?.digest == octets)
        }
    }
}

import Testing

@testable import TLS

@Suite struct SessionTicketTests {
    @Test(
        arguments: [
            // Lifetime, version, end of the certificate; expected last use, all from second 1000.
            (600, TLSVersion.v13, nil, 1600),
            (600, .v13, 1500, 1500),
            (600, .v13, 5000, 1600),
            (600, .v13, 1000, nil),
            (600, .v13, 900, nil),
            (0, .v13, nil, nil),
            (0, .v12, nil, 8200),
            (.max, .v12, nil, 605_800),
            (.max, .v13, .max, 605_800),
        ] as [(UInt32, TLSVersion, Int64?, Int64?)])
    func lastUse(_ lifetime: UInt32, _ version: TLSVersion, _ end: Int64?, _ expected: Int64?) {
        let lastUse = SessionTicket.lastUse(
            receivedAt: 1000, lifetime: lifetime, version: version, certificateEnd: end)
        #expect(lastUse == expected)
    }
}

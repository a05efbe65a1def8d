import NetAddress

/// What a ticket was got by, all of which must be the same where it is used.
///
/// GnuTLS checks no certificate on a resumed session, so a ticket is worth exactly what was checked
/// when it was issued.
struct TicketIdentity: Hashable, Sendable {
    let server: UpstreamServer
    let trust: TrustDigest
    let minimumVersion: TLSVersion

    init(server: UpstreamServer, context: TLSContext) {
        self.server = server
        trust = context.trustDigest
        minimumVersion = context.minimumVersion
    }

    init(server: UpstreamServer, trust: TrustDigest, minimumVersion: TLSVersion) {
        self.server = server
        self.trust = trust
        self.minimumVersion = minimumVersion
    }
}

/// The state of an earlier session, with which the next one needs no certificate.
public struct SessionTicket: Sendable {
    /// GnuTLS's packed session; it holds keys.
    let data: [UInt8]
    let identity: TicketIdentity
    /// The last second of use, since 1970: the earlier of the ticket's and the certificate's end.
    let notAfter: Int64

    /// Whether the ticket may be offered to the server it names, judged by the same authorities.
    func isUsable(for other: TicketIdentity, at seconds: Int64) -> Bool {
        identity == other && seconds <= notAfter
    }

    /// The last second of use of a ticket received at `seconds`, `nil` when there is none.
    ///
    /// A TLS 1.3 ticket with a lifetime of zero is to be thrown away (RFC 8446 section 4.6.1); in
    /// TLS 1.2 zero means that nothing is said.
    static func lastUse(
        receivedAt seconds: Int64, lifetime: UInt32, version: TLSVersion, certificateEnd: Int64?
    ) -> Int64? {
        var length = min(Int64(lifetime), Limits.ticketSeconds)
        if lifetime == 0 {
            guard version == .v12 else { return nil }
            length = Limits.unstatedTicketSeconds
        }
        let end = min(seconds + length, certificateEnd ?? .max)
        return end > seconds ? end : nil
    }
}

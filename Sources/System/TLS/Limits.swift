/// The bounds of the module, each with its reason.
enum Limits {
    /// The largest handshake message taken, 32 KiB.
    ///
    /// Public chains are 2 to 6 KiB, the largest seen with RSA-4096 throughout about 10 KiB; GnuTLS
    /// itself would take 128 KiB.
    static let handshakeMessageBytes = 32 * 1024

    /// The longest chain that is followed; public ones have three or four certificates.
    static let chainDepth: UInt32 = 8

    /// The largest key in a chain: one RSA-8192 signature costs about as much as a handshake.
    static let keyBits: UInt32 = 8192

    /// The size of the buffer in front of the socket: a whole record of TLS 1.2, the largest
    /// there is (RFC 5246 section 6.2.3), is read with one system call.
    static let inputBytes = 5 + 16_384 + 2048

    /// How many records that carry no data may follow each other before the peer is given up.
    ///
    /// Tickets, key updates and warnings come one or two at a time.
    static let recordsWithoutData = 32

    /// How long a ticket is kept at most, seven days (RFC 8446 section 4.6.1).
    static let ticketSeconds: Int64 = 7 * 86_400

    /// How long a TLS 1.2 ticket that names no lifetime is kept (RFC 5077 section 3.3 leaves it
    /// to the client).
    static let unstatedTicketSeconds: Int64 = 7200

    /// Tickets kept for one server: as many connections may be opened at once without a full
    /// handshake.
    static let ticketsPerServer = 4

    /// Servers for which tickets are kept: more than any sensible configuration names.
    static let ticketServers = 64

    /// The largest file of certificates that is read; Debian's own bundle is 220 KiB.
    static let trustFileBytes = 16 * 1024 * 1024

    /// How many of a certificate's names are told in a log line, and how much of each.
    static let namesInWords = 4
    static let charactersInWords = 64
}

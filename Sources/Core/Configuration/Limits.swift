/// Bounds of the configuration, so that no file can make the daemon use memory without end.
enum Limits {
    /// Octets of one file; a thousand times what a long one needs.
    static let fileSize = 1 << 20
    /// Octets of one line with its continuations.
    static let lineLength = 64 << 10
    /// Problems that are reported; after that many the file is something else altogether.
    static let problems = 20
    /// Servers of one section.
    static let servers = 16
    /// Servers of all sections together: as many as a pool takes.
    static let allServers = 32
    /// Routes: with one server each, half of all.
    static let routes = 16
    /// Domains of all routes together; a prefix can be up to 128 of them.
    static let routedDomains = 256
    /// Servers that are asked for the addresses of the others.
    static let bootstrapServers = 4
    /// Pins of one server; a current and a backup key are two (RFC 7469 section 4.3).
    static let pins = 16
    /// Addresses to listen on; each takes two sockets per worker.
    static let addresses = 64
    /// Prefixes of one key of `[Access]`; a table is made by trying each with each.
    static let prefixes = 256
    /// Names of one key: what is written by hand.
    static let names = 256
    /// Records of `[Local]`, and octets of the text of one.
    static let records = 1024
    static let recordText = 1024
    /// Filter lists; more are put together beforehand.
    static let lists = 64
    /// Octets of a path (`PATH_MAX` of Linux, with its final zero).
    static let pathLength = 4095
    /// Octets of a word that is compared with the known ones to guess what was meant.
    static let suggestionLength = 40
    /// Characters of a value that are repeated in a problem.
    static let quotedLength = 60
}

/// Where the certificate authorities come from.
public enum TLSTrust: Hashable, Sendable {
    /// The store of the operating system.
    case system
    /// A file of PEM certificates, and nothing else.
    case file(path: String)
}

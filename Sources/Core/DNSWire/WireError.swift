/// Why octets are not a DNS message.
///
/// Small and without text, so that a hostile peer cannot make an error cost anything.
public enum WireError: Error, Equatable, Sendable {
    /// The message ends before what it announces.
    case truncated
    /// A label type other than a plain label or a compression pointer (RFC 1035 section 4.1.4).
    case badLabel
    /// A compression pointer where none may be, or one that does not point strictly backwards.
    case badPointer
    /// More than 255 octets (RFC 1035 section 3.1).
    case nameTooLong
    /// RDATA that does not fit its type, or ends elsewhere than RDLENGTH says.
    case badRecordData
    /// An OPT record that is repeated, has an owner, stands outside the additional section, or
    /// whose options overrun it (RFC 6891 section 6.1.1).
    case badOption
    /// Octets after the last counted record.
    case trailingOctets
}

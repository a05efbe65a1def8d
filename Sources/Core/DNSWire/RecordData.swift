/// What is known of the RDATA of a type: enough to check the names inside it.
///
/// Only the types of RFC 1035 and those that were compressed in practice are looked into
/// (RFC 3597 section 4); everything else is opaque.
public enum RecordData {
    /// A layout with names: octets, character strings, names, and octets after them.
    @usableFromInline
    struct Layout {
        let prefix: Int
        let strings: Int
        let names: Int
        /// `nil` for any number.
        let suffix: Int?

        init(prefix: Int = 0, strings: Int = 0, names: Int = 1, suffix: Int? = 0) {
            self.prefix = prefix
            self.strings = strings
            self.names = names
            self.suffix = suffix
        }
    }

    /// Throws when the RDATA of a known type does not fit it exactly.
    @inlinable
    public static func check(
        _ message: RawSpan, type: RecordType, recordClass: RecordClass, data: Range<Int>
    ) throws(WireError) {
        if recordClass == .internet {
            if type == .a, data.count != 4 { throw .badRecordData }
            if type == .aaaa, data.count != 16 { throw .badRecordData }
        }
        guard type != .a, type != .aaaa, let layout = layout(of: type) else { return }
        try check(message, layout, data: data)
    }

    @usableFromInline
    static func check(
        _ message: RawSpan, _ layout: Layout, data: Range<Int>
    ) throws(WireError) {
        // A name may point back anywhere before itself, but must end inside this RDATA.
        let visible = message.extracting(0..<data.upperBound)
        var offset = data.lowerBound &+ layout.prefix
        for _ in 0..<layout.strings {
            guard offset < data.upperBound else { throw .badRecordData }
            offset &+= 1 &+ Int(message.octet(at: offset))
        }
        for _ in 0..<layout.names { offset = try Name.end(in: visible, from: offset) }
        let left = data.upperBound &- offset
        guard left >= 0, left == layout.suffix ?? left else { throw .badRecordData }
    }

    @usableFromInline
    static func layout(of type: RecordType) -> Layout? {
        switch type.rawValue {
        // NS, MD, MF, CNAME, MB, MG, MR, PTR, DNAME
        case 2, 3, 4, 5, 7, 8, 9, 12, 39: Layout()
        case 6: Layout(names: 2, suffix: 20)  // SOA
        case 14, 17: Layout(names: 2)  // MINFO, RP
        case 15, 18, 21, 36: Layout(prefix: 2)  // MX, AFSDB, RT, KX
        case 24: Layout(prefix: 18, suffix: nil)  // SIG
        case 26: Layout(prefix: 2, names: 2)  // PX
        case 30: Layout(suffix: nil)  // NXT
        case 33: Layout(prefix: 6)  // SRV
        case 35: Layout(prefix: 4, strings: 3)  // NAPTR
        default: nil
        }
    }
}

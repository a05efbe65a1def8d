/// What is known of the RDATA of a type: enough to check the names inside it.
///
/// Only the types of RFC 1035 and those that were compressed in practice are looked into
/// (RFC 3597 section 4); everything else is opaque.
public enum RecordData {
    /// A name-bearing layout: octets before the names, the names, octets after them.
    @usableFromInline
    struct Layout {
        @usableFromInline let prefix: Int
        @usableFromInline let names: Int
        @usableFromInline let suffix: Int

        @usableFromInline
        init(prefix: Int, names: Int, suffix: Int) {
            self.prefix = prefix
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
        guard data.count >= layout.prefix else { throw .badRecordData }
        // A name may point back anywhere before itself, but must end inside this RDATA.
        let visible = message.extracting(0..<data.upperBound)
        var offset = data.lowerBound &+ layout.prefix
        for _ in 0..<layout.names { offset = try Name.end(in: visible, from: offset) }
        guard data.upperBound &- offset == layout.suffix else { throw .badRecordData }
    }

    @usableFromInline
    static func layout(of type: RecordType) -> Layout? {
        switch type.rawValue {
        // NS, MD, MF, CNAME, MB, MG, MR, PTR, DNAME
        case 2, 3, 4, 5, 7, 8, 9, 12, 39: Layout(prefix: 0, names: 1, suffix: 0)
        case 6: Layout(prefix: 0, names: 2, suffix: 20)  // SOA
        case 14, 17: Layout(prefix: 0, names: 2, suffix: 0)  // MINFO, RP
        case 15, 18, 21, 36: Layout(prefix: 2, names: 1, suffix: 0)  // MX, AFSDB, RT, KX
        case 26: Layout(prefix: 2, names: 2, suffix: 0)  // PX
        case 33: Layout(prefix: 6, names: 1, suffix: 0)  // SRV
        default: nil
        }
    }
}

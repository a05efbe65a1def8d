/// Writes one OPT record at the end of a message.
///
/// Every option is added only where it fits; the record itself must fit.
@frozen
public struct OptionWriter {
    @usableFromInline let start: Int
    @usableFromInline var offset: Int
    @usableFromInline let code: ResponseCode
    @usableFromInline let payloadSize: UInt16

    /// Begins at `start`; `code` gives the upper bits of the RCODE.
    @inlinable
    public init(at start: Int, code: ResponseCode, payloadSize: UInt16) {
        self.start = start
        self.offset = start &+ EDNS.minimumByteCount
        self.code = code
        self.payloadSize = payloadSize
    }

    /// Writes the record's fixed part, version 0.
    @inlinable
    @inline(__always)
    public mutating func begin(dnssecOK: Bool, in message: inout MutableRawSpan) {
        // The root as owner, TYPE, size, RCODE, version, and the octet of flags that DO is in; then
        // that octet again, the other one, and RDLENGTH, which `finish` writes over.
        let type = UInt64(RecordType.opt.rawValue) << 40
        let size = UInt64(payloadSize) << 24
        let upperCode = UInt64(UInt8(truncatingIfNeeded: code.rawValue >> 4)) << 16
        message.setUInt64(type | size | upperCode | (dnssecOK ? 0x80 : 0), at: start)
        message.setUInt32(dnssecOK ? 0x8000_0000 : 0, at: start &+ 7)
    }

    /// Adds an edns-tcp-keepalive option; without a timeout it is the client's empty form.
    @inlinable
    public mutating func addKeepalive(
        hundredMilliseconds timeout: UInt16?, in message: inout MutableRawSpan
    ) {
        let length = timeout == nil ? 0 : 2
        guard message.byteCount &- offset >= 4 &+ length else { return }
        message.setUInt16(EDNS.Option.keepalive, at: offset)
        message.setUInt16(UInt16(length), at: offset &+ 2)
        if let timeout { message.setUInt16(timeout, at: offset &+ 4) }
        offset &+= 4 &+ length
    }

    /// Adds an extended DNS error without text.
    public mutating func addExtendedError(
        _ code: ExtendedErrorCode, in message: inout MutableRawSpan
    ) {
        addExtendedError(code, text: [], in: &message)
    }

    /// Adds an extended DNS error with EXTRA-TEXT in UTF-8.
    public mutating func addExtendedError(
        _ code: ExtendedErrorCode, text: [UInt8], in message: inout MutableRawSpan
    ) {
        let length = 2 &+ text.count
        guard message.byteCount &- offset >= 4 &+ length else { return }
        message.setUInt16(EDNS.Option.extendedError, at: offset)
        message.setUInt16(UInt16(truncatingIfNeeded: length), at: offset &+ 2)
        message.setUInt16(code.rawValue, at: offset &+ 4)
        for (index, octet) in text.enumerated() {
            message.setOctet(octet, at: offset &+ 6 &+ index)
        }
        offset &+= 4 &+ length
    }

    /// Adds an option as it stands in another message.
    @inlinable
    public mutating func addCopy(
        of source: RawSpan, _ range: Range<Int>, in message: inout MutableRawSpan
    ) {
        guard message.byteCount &- offset >= range.count else { return }
        message.copy(source, range, to: offset)
        offset &+= range.count
    }

    /// Adds padding so that the message becomes a multiple of `block` octets (RFC 8467).
    @inlinable
    public mutating func addPadding(block: Int, in message: inout MutableRawSpan) {
        let unpadded = offset &+ 4
        let length = block > 1 ? (block &- unpadded % block) % block : 0
        guard message.byteCount &- unpadded >= length else { return }
        message.setUInt16(EDNS.Option.padding, at: offset)
        message.setUInt16(UInt16(truncatingIfNeeded: length), at: offset &+ 2)
        message.clear(unpadded..<(unpadded &+ length))
        offset = unpadded &+ length
    }

    /// Writes RDLENGTH and gives the length of the whole message.
    @inlinable
    @inline(__always)
    public func finish(in message: inout MutableRawSpan) -> Int {
        message.setUInt16(
            UInt16(truncatingIfNeeded: offset &- start &- EDNS.minimumByteCount), at: start &+ 9)
        return offset
    }
}

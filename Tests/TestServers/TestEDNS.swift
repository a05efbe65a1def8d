/// The OPT record of a message (RFC 6891), read or to be written.
public struct TestEDNS: Hashable, Sendable {
    /// One option.
    public struct Option: Hashable, Sendable {
        public var code: UInt16
        public var data: [UInt8]

        public init(code: UInt16, data: [UInt8]) {
            self.code = code
            self.data = data
        }
    }

    public var payloadSize: UInt16 = 1232
    public var extendedRcode: UInt8 = 0
    public var version: UInt8 = 0
    /// The 16 flag bits, DO among them.
    public var flags: UInt16 = 0
    public var options: [Option] = []

    public init(payloadSize: UInt16 = 1232, dnssecOK: Bool = false, options: [Option] = []) {
        self.payloadSize = payloadSize
        self.options = options
        self.dnssecOK = dnssecOK
    }

    init(_ record: TestRecord) {
        payloadSize = record.class
        extendedRcode = UInt8(record.ttl >> 24)
        version = UInt8(truncatingIfNeeded: record.ttl >> 16)
        flags = UInt16(truncatingIfNeeded: record.ttl)
        var cursor = WireCursor(bytes: record.data, offset: 0)
        while let code = cursor.uint16(), let count = cursor.uint16(),
            let data = cursor.octets(Int(count))
        {
            options.append(Option(code: code, data: data))
        }
    }

    public var dnssecOK: Bool {
        get { flags & 0x8000 != 0 }
        set { flags = newValue ? flags | 0x8000 : flags & 0x7fff }
    }

    /// The data of the first option with this code.
    public func option(_ code: UInt16) -> [UInt8]? {
        options.first { $0.code == code }?.data
    }

    /// The extended DNS error (RFC 8914): its code and text.
    public var extendedError: (code: UInt16, text: String)? {
        guard let data = option(OptionCode.extendedError), data.count >= 2 else { return nil }
        return (
            UInt16(data[0]) << 8 | UInt16(data[1]), String(decoding: data[2...], as: UTF8.self)
        )
    }

    /// The record on the wire.
    var wire: [UInt8] {
        var data = WireWriter()
        for option in options {
            data.uint16(option.code)
            data.uint16(UInt16(truncatingIfNeeded: option.data.count))
            data.octets(option.data)
        }
        var writer = WireWriter()
        let ttl = UInt32(extendedRcode) << 24 | UInt32(version) << 16 | UInt32(flags)
        writer.record(
            owner: [0], type: RecordType.opt, class: payloadSize, ttl: ttl, data: data.bytes)
        return writer.bytes
    }
}

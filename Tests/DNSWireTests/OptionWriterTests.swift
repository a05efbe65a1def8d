import DNSWire
import Testing

@Suite struct OptionWriterTests {
    /// What is written behind `start` octets of a buffer.
    private func record(
        capacity: Int = 200, start: Int = 20, code: ResponseCode = .noError,
        _ add: (inout OptionWriter, inout MutableRawSpan) -> Void = { _, _ in }
    ) -> [UInt8] {
        let bytes = written(capacity: capacity) { bytes in
            var writer = OptionWriter(at: start, code: code, payloadSize: 1232)
            writer.begin(dnssecOK: false, in: &bytes)
            add(&writer, &bytes)
            return writer.finish(in: &bytes)
        }
        #expect(bytes.prefix(start).allSatisfy { $0 == 0xee })
        return Array(bytes.dropFirst(start))
    }

    @Test func writesAnEmptyRecord() {
        #expect(record() == opt())
        #expect(record(code: .badVersion) == opt(upperCode: 1))
        #expect(record(code: ResponseCode(rawValue: 0xabc)) == opt(upperCode: 0xab))
        #expect(record(capacity: 31) == opt())
    }

    @Test func writesDO() {
        let bytes = written(capacity: 11) { bytes in
            var writer = OptionWriter(at: 0, code: .noError, payloadSize: 512)
            writer.begin(dnssecOK: true, in: &bytes)
            return writer.finish(in: &bytes)
        }
        #expect(bytes == opt(size: 512, flags: 0x8000))
    }

    @Test func writesKeepaliveInBothForms() {
        #expect(
            record { $0.addKeepalive(hundredMilliseconds: nil, in: &$1) }
                == opt(options: option(11)))
        #expect(
            record { $0.addKeepalive(hundredMilliseconds: 0x1234, in: &$1) }
                == opt(options: option(11, [0x12, 0x34])))
    }

    @Test func writesExtendedErrors() {
        #expect(
            record { $0.addExtendedError(.networkError, in: &$1) }
                == opt(options: option(15, [0, 23])))
        #expect(
            record { $0.addExtendedError(.notReady, text: text("why"), in: &$1) }
                == opt(options: option(15, [0, 14] + text("why"))))
    }

    @Test func copiesOptions() {
        let source: [UInt8] = [9, 9] + option(15, [0, 6, 1]) + [9]
        #expect(
            record { $0.addCopy(of: source.span.bytes, 2..<9, in: &$1) }
                == opt(options: option(15, [0, 6, 1])))
    }

    @Test func writesSeveral() {
        let all = record {
            $0.addKeepalive(hundredMilliseconds: 1, in: &$1)
            $0.addExtendedError(.other, in: &$1)
            $0.addPadding(block: 64, in: &$1)
        }
        #expect(all.count == 64 - 20)
        #expect(
            all
                == opt(
                    options: option(11, [0, 1]) + option(15, [0, 0])
                        + option(12, [UInt8](repeating: 0, count: 64 - 20 - 11 - 6 - 6 - 4))))
    }

    /// Blocks that say nothing still leave a well-formed empty option.
    @Test(arguments: [-1, 0, 1]) func padsToNoBlockWithNothing(block: Int) {
        #expect(record { $0.addPadding(block: block, in: &$1) } == opt(options: option(12)))
    }

    /// An option is there whole or not at all, whatever the room.
    @Test(arguments: 31...80) func leavesOutWhatDoesNotFit(capacity: Int) {
        let room = capacity - 31
        let source = option(10, [1, 2, 3])
        #expect(
            record(capacity: capacity) { $0.addKeepalive(hundredMilliseconds: 1, in: &$1) }
                == (room < 6 ? opt() : opt(options: option(11, [0, 1]))))
        #expect(
            record(capacity: capacity) { $0.addKeepalive(hundredMilliseconds: nil, in: &$1) }
                == (room < 4 ? opt() : opt(options: option(11))))
        #expect(
            record(capacity: capacity) { $0.addExtendedError(.other, text: text("abc"), in: &$1) }
                == (room < 9 ? opt() : opt(options: option(15, [0, 0] + text("abc")))))
        #expect(
            record(capacity: capacity) { $0.addCopy(of: source.span.bytes, 0..<7, in: &$1) }
                == (room < 7 ? opt() : opt(options: source)))
        #expect(
            record(capacity: capacity) { $0.addPadding(block: 40, in: &$1) }
                == (room < 9 ? opt() : opt(options: option(12, [0, 0, 0, 0, 0]))))
    }
}

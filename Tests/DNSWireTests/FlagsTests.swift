import DNSWire
import Testing

@Suite struct FlagsTests {
    /// Each flag with its place in RFC 1035 section 4.1.1 and RFC 4035 section 3.
    static let bits: [(Flags, UInt16)] = [
        (.response, 1 << 15), (.authoritative, 1 << 10), (.truncated, 1 << 9),
        (.recursionDesired, 1 << 8), (.recursionAvailable, 1 << 7), (.reserved, 1 << 6),
        (.authenticData, 1 << 5), (.checkingDisabled, 1 << 4),
    ]

    @Test func everyFlagHasItsBit() {
        for (flag, bit) in Self.bits { #expect(flag.rawValue == bit) }
        #expect(Flags(Self.bits.map(\.0)).rawValue == 0x87f0)
    }

    @Test func opcodeAndCodeAreApart() {
        for opcode in UInt16(0)...15 {
            let flags = Flags(rawValue: opcode << 11 | 0x87f5)
            #expect(flags.opcode == UInt8(opcode))
            #expect(flags.opcodeBits.rawValue == opcode << 11)
            #expect(flags.responseCode == 5)
        }
    }

    @Test func takesTheLowBitsOfACode() {
        #expect(Flags(rawValue: 0xffff).with(.noError).rawValue == 0xfff0)
        #expect(Flags(rawValue: 0).with(.refused).rawValue == 5)
        #expect(Flags(rawValue: 0x8105).with(.badVersion).rawValue == 0x8100)
    }
}

import TestSupport

/// Messages that are right most of the time, and wrong in many ways otherwise.
enum Mutation {
    private static let types: [UInt16] = [1, 28, 16, 5, 255, 252, 65_280]

    static func query(_ random: inout SplitMix64) -> [UInt8] {
        let flags: [UInt16] = [0x0100, 0x0100, 0x0110, 0x0120, 0x0000]
        var message = MessageBuilder.query(
            "Host\(random.below(500)).Example", type: types[random.below(types.count)],
            id: UInt16(random.below(65_536)), flags: flags[random.below(flags.count)])
        if random.below(2) == 0 {
            message.addOption(
                payloadSize: UInt16(random.below(5000)), version: random.below(50) == 0 ? 1 : 0,
                flags: random.below(2) == 0 ? 0x8000 : 0,
                options: random.below(2) == 0 ? [(11, []), (10, [1, 2, 3, 4, 5, 6, 7, 8])] : [])
        }
        return random.below(10) == 0 ? changed(message.bytes, &random) : message.bytes
    }

    /// An answer to the `query` that an upstream was sent.
    static func answer(to query: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        guard let asked = DecodedMessage(query) else { return [] }
        let codes: [UInt16] = [0, 0, 0, 0, 3, 2, 5]
        var message = MessageBuilder(
            id: asked.id, flags: 0x8180 | codes[random.below(codes.count)])
        message.addQuestion(asked.name, type: asked.type)
        for _ in 0..<random.below(4) {
            message.addRecord(
                type: 1, ttl: random.below(2) == 0 ? 1 : 300, data: [192, 0, 2, 1])
        }
        for _ in 0..<(random.below(20) == 0 ? 30 : 0) {
            message.addRecord(type: 65_280, data: [UInt8](repeating: 7, count: 100))
        }
        if random.below(4) > 0 {
            message.addOption(options: [(12, [0, 0, 0]), (15, [0, 3, 0x61])])
        }
        return random.below(25) == 0 ? changed(message.bytes, &random) : message.bytes
    }

    static func octets(_ random: inout SplitMix64, below count: Int) -> [UInt8] {
        (0..<random.below(count)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    /// `message` with a few octets other than they were, cut, or longer.
    static func changed(_ message: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var changed = message
        for _ in 0...random.below(3) where !changed.isEmpty {
            switch random.below(4) {
            case 0: changed.removeLast(random.below(changed.count))
            case 1: changed += octets(&random, below: 20)
            default:
                changed[random.below(changed.count)] = UInt8(truncatingIfNeeded: random.next())
            }
        }
        return changed
    }
}

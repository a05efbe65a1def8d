/// A secret order in which a connection uses the 65,536 message ids, each once.
///
/// A four-round Feistel network over two octets, keyed for each connection. Ids are not guessable
/// from earlier ones (RFC 5452 section 9.2) and need no table: the inverse leads from an id back
/// to its place in the sequence.
struct MessageIDPermutation: BitwiseCopyable {
    let key: UInt64

    func id(at position: UInt16) -> UInt16 {
        var left = UInt8(truncatingIfNeeded: position >> 8)
        var right = UInt8(truncatingIfNeeded: position)
        for round in 0..<4 {
            (left, right) = (right, left ^ mix(right, round))
        }
        return UInt16(left) << 8 | UInt16(right)
    }

    func position(of id: UInt16) -> UInt16 {
        var left = UInt8(truncatingIfNeeded: id >> 8)
        var right = UInt8(truncatingIfNeeded: id)
        for round in (0..<4).reversed() {
            (left, right) = (right ^ mix(left, round), left)
        }
        return UInt16(left) << 8 | UInt16(right)
    }

    private func mix(_ half: UInt8, _ round: Int) -> UInt8 {
        let roundKey = key >> UInt64(round &* 16) & 0xffff
        let product = (UInt64(half) ^ roundKey) &* 0x9e37_79b9_7f4a_7c15 &+ key
        return UInt8(truncatingIfNeeded: product >> 29 ^ product >> 53)
    }
}

public import DNSWire

/// A hash that nobody can predict who does not know the process's secret.
///
/// Names are chosen by others: with a known hash they could all be made to meet in one place. Each
/// eight octets are joined to the state, which is multiplied by a number and folded from 128 bits
/// to 64. Both the first state and the number are secret, so where two names part their states do,
/// in a way that cannot be told from outside: to make them meet again one has to know the state (a
/// word equal to it is the only one that cancels), and answers and their times do not tell it. What
/// ends a name, its length and its type, is joined last, so no octets of a name can make up for it.
@frozen
public struct KeyedHash: Sendable, BitwiseCopyable {
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64

    /// Takes two secret random numbers.
    public init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        // An even multiplier would lose bits.
        self.second = second | 1
    }

    /// Folds the `question` of `message` to the start of `target`, and gives what its name is
    /// hashed to on the way.
    ///
    /// `target` has room for the question rounded up to a multiple of eight.
    @inlinable
    @inline(__always)
    public func fold(
        _ question: Question, of message: RawSpan, into target: inout MutableRawSpan
    ) -> UInt64 {
        let end = Question.offset &+ question.nameLength
        var state = first
        var offset = Question.offset
        while end &- offset >= 8 {
            let word = CaseFolding.lowered(message.word(at: offset))
            target.setWord(word, at: offset &- Question.offset)
            state = Self.fold(state ^ word, second)
            offset &+= 8
        }
        if offset < end {
            // Less than a word is left. The octets before belong to the message as well: at least
            // its header.
            let unused = UInt64(truncatingIfNeeded: 8 &- (end &- offset)) &* 8
            let word = CaseFolding.lowered(message.word(at: end &- 8) &>> unused)
            target.setWord(word, at: offset &- Question.offset)
            state = Self.fold(state ^ word, second)
        }
        target.setUInt32(Self.fields(question), at: question.nameLength)
        return state
    }

    /// The key of a question whose name was hashed to `state`, with what else tells answers apart.
    @inlinable
    @inline(__always)
    public func key(
        _ state: UInt64, _ question: Question, dnssecOK: Bool, checkingDisabled: Bool,
        route: UInt8 = 0
    ) -> CacheKey {
        key(
            state, Self.fields(question), nameLength: question.nameLength, dnssecOK: dnssecOK,
            checkingDisabled: checkingDisabled, route: route)
    }

    /// TYPE and CLASS as they are in a message.
    @inlinable
    @inline(__always)
    static func fields(_ question: Question) -> UInt32 {
        UInt32(question.type.rawValue) << 16 | UInt32(question.recordClass.rawValue)
    }

    /// The key of a folded question (name, TYPE, CLASS) with what else tells answers apart.
    public func key(
        _ question: RawSpan, dnssecOK: Bool, checkingDisabled: Bool, route: UInt8 = 0
    ) -> CacheKey {
        let length = question.byteCount - 4
        return key(
            state(question, length), question.uint32(at: length), nameLength: length,
            dnssecOK: dnssecOK, checkingDisabled: checkingDisabled, route: route)
    }

    /// The key of what is known of all names at and below the folded `name`, along `route`.
    func cutKey(_ name: RawSpan, route: UInt8) -> CacheKey {
        CacheKey(
            hash: Self.fold(hash(name: name) ^ UInt64(route), second), bits: CacheKey.cutBit,
            route: route)
    }

    /// The key of what is known of asking again for what is under `key`.
    func recheckKey(_ key: CacheKey) -> CacheKey {
        CacheKey(
            hash: Self.fold(key.hash ^ second, Self.mixer), bits: key.bits | CacheKey.recheckBit,
            route: key.route)
    }

    /// The hash of a folded name alone.
    public func hash(name: RawSpan) -> UInt64 {
        let state = state(name, name.byteCount)
        return Self.fold(state ^ first ^ UInt64(name.byteCount), Self.mixer)
    }

    /// The state behind the first `length` octets.
    private func state(_ name: RawSpan, _ length: Int) -> UInt64 {
        var state = first
        var offset = 0
        while offset < length {
            let word = CaseFolding.loadWord(name, at: offset, available: length &- offset)
            state = Self.fold(state ^ word, second)
            offset &+= 8
        }
        return state
    }

    @inlinable
    @inline(__always)
    func key(
        _ state: UInt64, _ fields: UInt32, nameLength: Int, dnssecOK: Bool, checkingDisabled: Bool,
        route: UInt8
    ) -> CacheKey {
        let bits: UInt8 = (dnssecOK ? 1 : 0) | (checkingDisabled ? 2 : 0)
        let length = UInt64(UInt16(truncatingIfNeeded: nameLength))
        let rest = UInt64(fields) << 32 | length << 16 | UInt64(bits) << 8 | UInt64(route)
        return CacheKey(
            hash: Self.fold(state ^ first ^ rest, Self.mixer), bits: bits, route: route)
    }

    /// An odd number without pattern.
    @inlinable
    static var mixer: UInt64 { 0x9e37_79b9_7f4a_7c15 }

    @inlinable
    @inline(__always)
    static func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }
}

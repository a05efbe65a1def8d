internal import Collections

/// Finds exchanges by the hash of their question.
struct QuestionIndex: ~Copyable {
    // Invariants:
    //   every exchange under way is in exactly one chain, that of its hash
    //   bucketOf[i] is that chain, `none` for an exchange that is in none
    //   chains hold the newest exchange first and end with `none`
    static let none: UInt16 = .max

    private var heads: FixedArray<UInt16>
    private var next: FixedArray<UInt16>
    private var bucketOf: FixedArray<UInt16>

    /// Makes an empty index for exchanges below `capacity`, which is less than 32,768.
    init(capacity: Int) {
        // Two chains for each exchange, so that most hold one at most.
        heads = FixedArray(repeating: Self.none, count: capacity * 2)
        next = FixedArray(repeating: Self.none, count: capacity)
        bucketOf = FixedArray(repeating: Self.none, count: capacity)
    }

    mutating func insert(_ exchange: Int, hash: UInt64) {
        let bucket = bucket(hash)
        next[exchange] = heads[bucket]
        heads[bucket] = UInt16(exchange)
        bucketOf[exchange] = UInt16(bucket)
    }

    mutating func remove(_ exchange: Int) {
        guard bucketOf[exchange] != Self.none else { return }
        let bucket = Int(bucketOf[exchange])
        bucketOf[exchange] = Self.none
        guard Int(heads[bucket]) != exchange else {
            heads[bucket] = next[exchange]
            return
        }
        var before = Int(heads[bucket])
        while Int(next[before]) != exchange { before = Int(next[before]) }
        next[before] = next[exchange]
    }

    /// The newest exchange whose hash may be `hash`.
    func first(hash: UInt64) -> Int? {
        let exchange = heads[bucket(hash)]
        return exchange == Self.none ? nil : Int(exchange)
    }

    /// The exchange after `exchange` in the same chain.
    func next(after exchange: Int) -> Int? {
        next[exchange] == Self.none ? nil : Int(next[exchange])
    }

    private func bucket(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 32) % heads.count
    }
}

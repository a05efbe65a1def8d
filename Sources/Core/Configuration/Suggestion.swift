/// Guesses which known word was meant by a misspelled one.
enum Suggestion {
    /// The nearest of `candidates`, if one is near enough to be what was meant.
    ///
    /// Case does not count. Near is one change in three letters, or the beginning of a candidate.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let wanted = Array(word.lowercased().utf8)
        guard (1...Limits.suggestionLength).contains(wanted.count) else { return nil }
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            let known = Array(candidate.lowercased().utf8)
            let isBeginning = wanted.count >= 3 && known.starts(with: wanted)
            let distance = isBeginning ? 1 : distance(wanted, known)
            let allowed = Swift.max(1, known.count / 3)
            if distance <= allowed, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.word
    }

    /// The number of octets to insert, delete, replace or swap with their neighbor to turn `first`
    /// into `second`; takes time in proportion to the product of their lengths.
    static func distance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...second.count)
        for i in first.indices {
            var row = [i + 1]
            for j in second.indices {
                let isSame = first[i] == second[j]
                var cost = min(previous[j] + (isSame ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
                    cost = min(cost, beforePrevious[j - 1] + 1)
                }
                row.append(cost)
            }
            beforePrevious = previous
            previous = row
        }
        return previous[second.count]
    }
}

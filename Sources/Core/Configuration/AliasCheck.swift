internal import NetAddress

/// Whether aliases lead to records, as an answer with nothing but an alias is of use to nobody:
/// programs do not look further by themselves.
enum AliasCheck {
    static func problems(in records: [LocalRecord]) -> [String] {
        let byName = Dictionary(grouping: records, by: \.name)
        return records.compactMap { record in
            guard case .alias(let target) = record.data else { return nil }
            if byName[record.name]?.count ?? 0 > 1 {
                return "\(record.name) is an alias and can have no other record"
            }
            guard let others = byName[target] else {
                return "\(record.name) is an alias of \(target), which has no record here"
            }
            let isChain = others.contains { other in
                if case .alias = other.data { return true }
                return false
            }
            return isChain ? "\(record.name) is an alias of \(target), an alias as well" : nil
        }
    }
}

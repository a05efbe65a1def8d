import NetAddress

/// What the labels of a name tell the answer book to do.
struct Instructions {
    private(set) var flags: Set<String> = []
    private(set) var rcode: UInt16?
    private(set) var ttl: UInt32?
    private(set) var delay = Interval.zero
    private(set) var textByteCount = 40
    /// How many CNAME records lead to the answer; at most 16.
    private(set) var chainLength = 0

    /// Reads all labels but the last.
    init(_ name: TestName) {
        for label in name.lowercased.labels.dropLast() {
            let parts = String(decoding: label, as: UTF8.self).split(separator: "-", maxSplits: 1)
            guard let word = parts.first else { continue }
            take(String(word), parts.count == 2 ? UInt32(parts[1]) : nil)
        }
    }

    private mutating func take(_ word: String, _ number: UInt32?) {
        switch (word, number) {
        case ("servfail", nil): rcode = ResponseCode.serverFailure
        case ("refused", nil): rcode = ResponseCode.refused
        case ("cname", _): chainLength = min(Int(number ?? 1), 16)
        case ("ttl", let number?): ttl = number
        case ("delay", let number?): delay = .milliseconds(UInt64(number))
        // Beyond this a message would not fit into 65,535 octets with its question and OPT.
        case ("txt", let number?): textByteCount = min(Int(number), 64_000)
        case (_, nil): flags.insert(word)
        default: break
        }
    }
}

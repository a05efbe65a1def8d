internal import Collections
public import DNSWire
public import NetAddress

/// Looks for addresses of this network in what public servers answer.
///
/// A name of somebody else's that leads to a machine nearby lets a page of theirs talk to it, as
/// if it were one of theirs (DNS rebinding).
public final class AnswerScreen: Sendable {
    /// The names that may lead there, with all below them.
    private let exceptions: DomainTable?

    /// Takes the names to except, and two secret random numbers.
    public init(excepting names: [FoldedName], seed: (UInt64, UInt64)) {
        guard !names.isEmpty else {
            exceptions = nil
            return
        }
        var table = DomainTableBuilder(hash: NameHash(seed.0, seed.1), payloadLength: 0)
        for name in names { table.add(name, payload: []) }
        exceptions = table.finish()
    }

    /// Whether `message`, of which `response` says that it is the answer to the folded `question`,
    /// leads into this network without being allowed to.
    public func refuses(_ response: Response, of message: RawSpan, question: RawSpan) -> Bool {
        guard response.code == .noError, holdsPrivate(response, message) else { return false }
        return !isExcepted(question.extracting(0..<(question.byteCount &- 4)))
    }

    private func holdsPrivate(_ response: Response, _ message: RawSpan) -> Bool {
        let count =
            Int(response.answerCount) &+ Int(response.authorityCount)
            &+ Int(response.additionalCount)
        var offset = response.question.end
        for _ in 0..<count {
            // All of it has been checked; what cannot be read is not let through.
            guard let record = try? ResourceRecord(message, at: offset) else { return true }
            if record.recordClass == .internet, Self.isPrivate(record, message) { return true }
            offset = record.data.upperBound
        }
        return false
    }

    private static func isPrivate(_ record: ResourceRecord, _ message: RawSpan) -> Bool {
        let data = message.extracting(record.data)
        switch record.type {
        case .a, .aaaa: return hasPrivateAddress(data, size: data.byteCount)
        case .svcb, .https: return hasPrivateHint(data)
        default: return false
        }
    }

    /// Whether `data`, addresses of `size` octets one after the other, holds such a one.
    private static func hasPrivateAddress(_ data: RawSpan, size: Int) -> Bool {
        var offset = 0
        while data.byteCount &- offset >= size, size > 0 {
            let address =
                size == 4
                ? IPAddress(v4: data.uint32(at: offset))
                : IPAddress(
                    v6High: UInt64(data.uint32(at: offset)) << 32
                        | UInt64(data.uint32(at: offset &+ 4)),
                    low: UInt64(data.uint32(at: offset &+ 8)) << 32
                        | UInt64(data.uint32(at: offset &+ 12)))
            if address.isPrivate { return true }
            offset &+= size
        }
        return false
    }

    /// Looks at the hints of RFC 9460 section 7.3; what is not well-formed counts as private,
    /// since somebody might read it another way.
    private static func hasPrivateHint(_ data: RawSpan) -> Bool {
        guard data.byteCount >= 3,
            let end = try? Name.endOfPlainName(in: data, from: 2)
        else { return true }
        var offset = end
        while offset < data.byteCount {
            guard data.byteCount &- offset >= 4 else { return true }
            let key = data.uint16(at: offset)
            let length = Int(data.uint16(at: offset &+ 2))
            let start = offset &+ 4
            guard data.byteCount &- start >= length else { return true }
            let value = data.extracting(start..<(start &+ length))
            if key == 4 || key == 6 {
                let size = key == 4 ? 4 : 16
                if length % size != 0 || hasPrivateAddress(value, size: size) { return true }
            }
            offset = start &+ length
        }
        return false
    }

    private func isExcepted(_ name: RawSpan) -> Bool {
        var isExcepted = false
        exceptions?.forEachSuffix(of: name, end: name.byteCount &- 1) { _, _ in isExcepted = true }
        return isExcepted
    }
}

import DNSWire

// The functions under test take spans, which `#expect` cannot: these take and give arrays.

func header(_ message: [UInt8]) -> Header? {
    Header(message.span.bytes)
}

func verdict(_ message: [UInt8]) -> QueryVerdict {
    QueryVerdict(message.span.bytes)
}

/// The response that `message` is to the folded `question`, or what is wrong with it.
func response(
    _ message: [UInt8], to question: [UInt8] = question(name("www.example"))
) -> Result<Response, ResponseDefect> {
    Result { () throws(ResponseDefect) in
        try Response(message.span.bytes, answering: question.span.bytes)
    }
}

/// What a writer makes of a buffer of `capacity` octets, none of which is zero before.
func written(
    capacity: Int = 65_535, by write: (inout MutableRawSpan) -> Int
) -> [UInt8] {
    var buffer = [UInt8](repeating: 0xee, count: capacity)
    var span = buffer.mutableSpan
    var bytes = span.mutableBytes
    let length = write(&bytes)
    return Array(buffer.prefix(length))
}

/// The folded octets and the mask of them.
func folded(_ octets: [UInt8], from offset: Int = 0, length: Int) -> ([UInt8], SpellingMask) {
    let mask = CaseFolding.spelling(of: octets.span.bytes, from: offset, length: length)
    var lower: [UInt8] = []
    for start in stride(from: offset, to: offset + length, by: 8) {
        let part = octets[start..<min(start + 8, offset + length)]
        let word = part.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let folded = CaseFolding.lowered(word)
        lower += part.indices.map { UInt8(truncatingIfNeeded: folded >> (8 * UInt64($0 - start))) }
    }
    return (lower, mask)
}

func plainNameEnd(_ octets: [UInt8], from start: Int = 0) -> Result<Int, WireError> {
    Result { () throws(WireError) in
        try Name.endOfPlainName(in: octets.span.bytes, from: start)
    }
}

func nameEnd(_ octets: [UInt8], from start: Int = 0) -> Result<Int, WireError> {
    Result { () throws(WireError) in try Name.end(in: octets.span.bytes, from: start) }
}

internal import CFuzzer
internal import Collections
internal import DNSWire
internal import TestSupport

/// Holds that a stream gives the same messages however it is cut.
///
/// The first octet says how many of those behind it are lengths of pieces; the rest is the stream.
@c public func LLVMFuzzerTestOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    let count = min(Int(bytes.first ?? 0), max(bytes.count - 1, 0))
    let cuts = Array(bytes.dropFirst().prefix(count))
    let stream = Array(bytes.dropFirst(1 + count))
    if let violation = FrameProperties.violation(by: stream, cuts: cuts) {
        fatalError("\(violation)")
    }
    check(stream, cuts)
    return 0
}

/// Holds the same of a buffer from which every message is taken once it is there.
private func check(_ stream: [UInt8], _ cuts: [UInt8]) {
    var buffer = StreamBuffer(maximumCapacity: 65_537 + 255, keptCapacity: 1024)
    var fed = 0
    var consumed = 0
    var piece = 0
    while fed < stream.count {
        let wanted = cuts.isEmpty ? 1 : max(1, Int(cuts[piece % cuts.count]))
        let count = min(wanted, stream.count - fed)
        piece += 1
        precondition(buffer.reserve(count), "a whole message and a piece do not fit")
        var room = buffer.writable()
        // The span is gone before the array is.
        unsafe room.copy(stream.span.bytes, fed..<(fed + count), to: 0)
        buffer.append(written: count)
        fed += count
        var cursor = FrameCursor()
        while let message = cursor.next(in: buffer.readable()) {
            let place = consumed + message.lowerBound
            for (index, octet) in stream[place..<(place + message.count)].enumerated() {
                let found = buffer.readable().octet(at: message.lowerBound + index)
                precondition(found == octet, "another octet")
            }
        }
        buffer.consume(cursor.offset)
        consumed += cursor.offset
        precondition(buffer.count == fed - consumed, "octets went missing")
    }
}

@main enum FuzzFrame {
    static func main() {
        unsafe cfuzzer_run(CommandLine.argc, CommandLine.unsafeArgv, LLVMFuzzerTestOneInput)
    }
}

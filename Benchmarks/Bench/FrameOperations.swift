internal import Collections
internal import DNSWire

/// A message added to a stream behind its length, as it is on the way to an upstream.
struct Frame: Operation, ~Copyable {
    let name = "framing of a message"
    private let answer = SampleMessage.response(records: 1)
    private var stream = StreamBuffer(maximumCapacity: 65_536, keptCapacity: 32_768)

    mutating func run(_ count: Int) -> Int {
        let answer = self.answer
        let message = unsafe answer.span.bytes
        let framed = message.byteCount + FrameCursor.prefixLength
        var total = 0
        for _ in 0..<count {
            guard stream.reserve(framed) else { return 0 }
            stream.withWritable { room in
                room.storeBytes(
                    of: UInt16(truncatingIfNeeded: message.byteCount).bigEndian,
                    toByteOffset: 0, as: UInt16.self)
            }
            stream.append(written: FrameCursor.prefixLength)
            stream.append(copying: message)
            total &+= stream.count
            // A record's worth is sent at a time.
            if stream.count > 16_384 { stream.consume(stream.count) }
        }
        return total
    }
}

/// A message found in a stream.
struct Deframe: Operation {
    let name = "finding of a frame"
    private let stream: [UInt8]

    init() {
        let message = SampleMessage.response(records: 1)
        let length = [UInt8(message.count >> 8), UInt8(message.count & 0xff)]
        stream = Array(repeatElement(length + message, count: 32).joined())
    }

    func run(_ count: Int) -> Int {
        let stream = unsafe stream.span.bytes
        var cursor = FrameCursor()
        var total = 0
        for _ in 0..<count {
            if let message = cursor.next(in: stream) {
                total &+= message.count
            } else {
                cursor = FrameCursor()
            }
        }
        return total
    }
}

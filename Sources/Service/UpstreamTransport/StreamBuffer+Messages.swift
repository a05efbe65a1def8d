internal import Collections
internal import DNSWire

extension StreamBuffer {
    /// Hands over the whole messages that have come and keeps the rest; false for an empty one.
    mutating func takeMessages(_ deliver: (RawSpan) -> Void) -> Bool {
        var cursor = FrameCursor()
        let isSound = withReadable { stream in
            while let message = cursor.next(in: stream) {
                if message.isEmpty { return false }
                deliver(stream.extracting(message))
            }
            return true
        }
        consume(cursor.offset)
        return isSound
    }
}

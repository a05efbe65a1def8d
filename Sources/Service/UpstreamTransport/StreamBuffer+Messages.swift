internal import Collections
internal import DNSWire

extension StreamBuffer {
    /// Hands over the whole messages that wait, up to one that is empty, which none may be.
    ///
    /// Takes nothing away, so that whoever is handed a message may look at the buffer: the caller
    /// consumes the octets afterwards.
    func deliverMessages(_ deliver: (RawSpan) -> Void) -> (octets: Int, isSound: Bool) {
        let stream = readable()
        var cursor = FrameCursor()
        while let message = cursor.next(in: stream) {
            if message.isEmpty { return (cursor.offset, false) }
            deliver(stream.extracting(message))
        }
        return (cursor.offset, true)
    }
}

internal import Collections
internal import LinuxIO

/// Messages from other threads to the owner of a loop.
final class Mailbox<Message: Sendable>: Sendable {
    /// Messages that may wait.
    private let bound: Int
    private let waiting = Locked<[Message]>([])
    private let event: EventDescriptor

    init(bound: Int) throws(Errno) {
        self.bound = bound
        event = try EventDescriptor()
    }

    /// The descriptor that is readable while messages wait.
    var descriptor: CInt { event.raw }

    /// Leaves a message and wakes the owner; false when the mailbox is full.
    @discardableResult
    func post(_ message: Message) -> Bool {
        let hasRoom = waiting.withLock { messages in
            guard messages.count < bound else { return false }
            messages.append(message)
            return true
        }
        if hasRoom { event.signal() }
        return hasRoom
    }

    /// Takes all messages, in order.
    func take() -> [Message] {
        _ = event.drain()
        return waiting.withLock { messages in
            defer { messages.removeAll(keepingCapacity: true) }
            return messages
        }
    }
}

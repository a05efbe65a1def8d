public import Collections
internal import DNSWire
internal import EventLoop
internal import LinuxIO
internal import NetAddress

// Writing and ending.
extension StreamFrontend {
    /// Writes an answer of at most `capacity` octets by `write`, which gives its length.
    ///
    /// For a client that has gone `write` is called all the same, and what it wrote is discarded.
    /// A client that is slow to read gets less room, enough for an answer that says so (TC); one
    /// that does not read at all is closed.
    public func reply(
        to slot: SlotID, capacity: Int, _ write: (inout MutableRawSpan) -> Int
    ) {
        guard slots.contains(slot), let client = clients[Int(slot.index)],
            let granted = makeRoom(capacity + FrameCursor.prefixLength, slot, client)
        else {
            discard(capacity: capacity, write)
            return close(slot)
        }
        client.pending -= 1
        let length = client.output.withWritable { room in
            var message = room._mutatingExtracting(FrameCursor.prefixLength..<granted)
            return write(&message)
        }
        if length > 0 { commit(length, to: client) }
        markDirty(slot, client)
    }

    /// Adds one message of an answer that has many; with the last one the query is answered.
    ///
    /// False when the client has gone, or has no room for it and is closed.
    public func relay(_ message: RawSpan, to slot: SlotID, isLast: Bool) -> Bool {
        guard slots.contains(slot), let client = clients[Int(slot.index)] else { return false }
        guard client.output.reserve(message.byteCount + FrameCursor.prefixLength) else {
            close(slot)
            return false
        }
        client.output.withWritable { room in
            room.copy(message, 0..<message.byteCount, to: FrameCursor.prefixLength)
        }
        commit(message.byteCount, to: client)
        if isLast { client.pending -= 1 }
        markDirty(slot, client)
        return true
    }

    /// Whether the client has gone on reading, so that more may be relayed to it.
    public func hasRoom(_ slot: SlotID) -> Bool {
        guard slots.contains(slot), let client = clients[Int(slot.index)] else { return true }
        return client.output.count < FrontendLimits.unsentPause
    }

    public func isConnected(_ slot: SlotID) -> Bool { slots.contains(slot) }

    /// Closes a client whose answer has begun and cannot be finished.
    public func abandon(_ slot: SlotID) { close(slot) }

    /// How much of `byteCount` there is room for, prefix included.
    private func makeRoom(_ byteCount: Int, _ slot: SlotID, _ client: StreamClient) -> Int? {
        if reserve(byteCount, client) { return byteCount }
        // What it takes now need not wait here.
        send(slot, client)
        guard slots.contains(slot) else { return nil }
        if reserve(byteCount, client) { return byteCount }
        return client.output.reserve(Self.replyRoom) ? Self.replyRoom : nil
    }

    /// Reserves room, but none of what is kept for short answers.
    private func reserve(_ byteCount: Int, _ client: StreamClient) -> Bool {
        client.output.room >= byteCount + FrontendLimits.shortAnswers
            && client.output.reserve(byteCount)
    }

    private func discard(capacity: Int, _ write: (inout MutableRawSpan) -> Int) {
        var nowhere = StreamBuffer(maximumCapacity: capacity, keptCapacity: 0)
        guard nowhere.reserve(capacity) else { return }
        _ = nowhere.withWritable { write(&$0) }
    }

    /// Puts the length before a message that was written behind the place for it.
    func commit(_ length: Int, to client: StreamClient) {
        client.output.withWritable { room in
            room.setUInt16(UInt16(truncatingIfNeeded: length), at: 0)
        }
        client.output.append(written: length + FrameCursor.prefixLength)
    }

    /// Sends what has gathered and takes queries that had to wait.
    public func flush() {
        var index = 0
        while index < dirty.count {
            let slot = dirty[index]
            index += 1
            guard slots.contains(slot), let client = clients[Int(slot.index)] else { continue }
            client.isDirty = false
            send(slot, client)
            if slots.contains(slot), !client.input.isEmpty { process(slot, client) }
        }
        dirty.removeAll(keepingCapacity: true)
    }

    func markDirty(_ slot: SlotID, _ client: StreamClient) {
        guard !client.isDirty else { return }
        client.isDirty = true
        dirty.append(slot)
    }

    func send(_ slot: SlotID, _ client: StreamClient) {
        while !client.output.isEmpty {
            do {
                let sent = try client.output.withReadable { bytes throws(Errno) in
                    try client.descriptor.send(bytes)
                }
                switch sent {
                case .bytes(let count):
                    client.output.consume(count)
                    client.lastActivity = loop.now
                    client.stalledSince = nil
                    continue
                case .wouldBlock, .endOfStream: break
                }
            } catch {
                return close(slot)
            }
            break
        }
        noteStall(client)
        settle(slot, client)
    }

    /// Closes a client that is finished; otherwise waits for what it can do next.
    func settle(_ slot: SlotID, _ client: StreamClient) {
        if client.isFinished { return close(slot) }
        client.source?.setEvents(client.events(limit: maximumQueries))
        guard let stalledSince = client.stalledSince, stalledSince == loop.now else { return }
        schedule(slot, at: stalledSince + FrontendLimits.patience)
    }

    func schedule(_ slot: SlotID, at time: Instant) {
        timers.schedule(Int(slot.index), at: time, now: loop.now)
        if let earliest = timers.earliest { timer?.arm(at: earliest) }
    }

    func close(_ slot: SlotID) {
        guard slots.contains(slot) else { return }
        let index = Int(slot.index)
        timers.cancel(index)
        clients[index]?.source = nil
        clients[index] = nil
        slots.free(slot)
    }
}

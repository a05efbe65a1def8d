internal import Collections
internal import DNSWire
internal import EventLoop
internal import LinuxIO
internal import NetAddress

// Reading.
extension StreamFrontend {
    func read(_ slot: SlotID, _ client: StreamClient) {
        guard client.mayAsk(limit: maximumQueries), !client.hasEnded else {
            if client.leavesAt != nil { client.hasEnded = true }
            return settle(slot, client)
        }
        guard scratch.reserve(client.input.count + FrontendLimits.readSize) else { return }
        moveInputToScratch(client)
        do {
            let received = try scratch.withWritable { room throws(Errno) in
                try client.descriptor.receive(into: &room)
            }
            switch received {
            case .bytes(let count):
                scratch.append(written: count)
                client.lastActivity = loop.now
            case .endOfStream: client.hasEnded = true
            case .wouldBlock: break
            }
        } catch {
            counters.errors &+= 1
            scratch.consume(scratch.count)
            return close(slot)
        }
        takeFrames(slot, client)
    }

    /// Takes frames that were read while the client had too many queries under way.
    func process(_ slot: SlotID, _ client: StreamClient) {
        guard client.mayAsk(limit: maximumQueries), scratch.reserve(client.input.count) else {
            return
        }
        moveInputToScratch(client)
        takeFrames(slot, client)
    }

    private func moveInputToScratch(_ client: StreamClient) {
        guard !client.input.isEmpty else { return }
        client.input.withReadable { scratch.append(copying: $0) }
        client.input.consume(client.input.count)
    }

    /// Takes the frames in the scratch buffer and leaves the rest with the client.
    private func takeFrames(_ slot: SlotID, _ client: StreamClient) {
        var isBroken = false
        // Taken hold of once, not for each frame.
        let sink = sink
        while !isBroken, client.mayAsk(limit: maximumQueries), !scratch.isEmpty {
            guard passOver(client) else { break }
            switch nextFrame() {
            case .incomplete: break
            case .broken: isBroken = true
            case .overlong(let length):
                client.skipping = length
                client.strikes += 1
                continue
            case .complete(let length):
                take(slot, client, length: length, sink)
                isBroken = client.strikes >= FrontendLimits.strikes
                continue
            }
            break
        }
        if client.leavesAt != nil, client.hasAsked { client.hasEnded = true }
        let rest = scratch.count
        if client.hasEnded, client.mayAsk(limit: maximumQueries) {
            scratch.consume(rest)  // Part of a frame that will never be complete.
        } else if rest > 0, client.input.reserve(rest) {
            scratch.withReadable { client.input.append(copying: $0) }
            scratch.consume(rest)
        } else {
            scratch.consume(rest)
        }
        if isBroken || client.strikes >= FrontendLimits.strikes { return close(slot) }
        noteStall(client)
        settle(slot, client)
    }

    /// Passes over what is there of an overlong frame; false while more of it must come.
    private func passOver(_ client: StreamClient) -> Bool {
        let passed = min(client.skipping, scratch.count)
        scratch.consume(passed)
        client.skipping -= passed
        return client.skipping == 0
    }

    /// What the scratch buffer begins with; lengths include the prefix.
    private enum NextFrame {
        case incomplete
        case complete(Int)
        case overlong(Int)
        /// A frame without a message (RFC 1035 section 4.2.2).
        case broken
    }

    private func nextFrame() -> NextFrame {
        scratch.withReadable { stream in
            guard let length = FrameCursor().announcedLength(in: stream) else {
                return .incomplete
            }
            let whole = length + FrameCursor.prefixLength
            guard length > 0 else { return .broken }
            guard length <= FrontendLimits.frameSize else { return .overlong(whole) }
            return stream.byteCount >= whole ? .complete(whole) : .incomplete
        }
    }

    /// Takes the frame of `length` octets, prefix included, at the start of the scratch buffer.
    private func take(
        _ slot: SlotID, _ client: StreamClient, length: Int, _ sink: any QuerySink
    ) {
        counters.frames &+= 1
        guard client.output.reserve(Self.replyRoom) else { return }
        let receipt = scratch.withReadable { stream in
            client.output.withWritable { room in
                var reply = room._mutatingExtracting(FrameCursor.prefixLength..<room.byteCount)
                return sink.received(
                    stream.extracting(FrameCursor.prefixLength..<length), from: client.endpoint,
                    by: .stream(slot), reply: &reply)
            }
        }
        client.hasAsked = true
        switch receipt {
        case .replied(let count):
            commit(count, to: client)
            markDirty(slot, client)
            client.strikes = 0
        case .pending(let query):
            sink.keep(.stream(slot), for: query)
            client.pending += 1
            client.strikes = 0
        case .relayed:
            client.pending += 1
            client.strikes = 0
        case .ignored:
            client.strikes += 1
        }
        scratch.consume(length)
    }

    /// Room for an answer that is known at once, with its length before it.
    static let replyRoom = 1024

    /// Starts, keeps or ends the time that an incomplete frame may take.
    func noteStall(_ client: StreamClient) {
        let isPartial = !client.input.isEmpty || client.skipping > 0
        let isStalled = isPartial && client.mayAsk(limit: maximumQueries) || !client.output.isEmpty
        if !isStalled {
            client.stalledSince = nil
        } else if client.stalledSince == nil {
            client.stalledSince = loop.now
        }
    }
}

internal import Collections
internal import EventLoop
internal import LinuxIO
internal import NetAddress

// Accepting.
extension StreamFrontend {
    func accept(from socket: ListeningSocket) {
        for _ in 0..<FrontendLimits.acceptsPerWakeUp {
            do {
                switch try socket.descriptor.accept() {
                case .accepted(let accepted, let address): add(accepted, address)
                case .wouldBlock: return
                }
            } catch {
                counters.errors &+= 1
                if error.isShortage { pauseAccepting() }
                return
            }
        }
    }

    private func add(_ descriptor: consuming FileDescriptor, _ address: SocketAddress) {
        counters.clients &+= 1
        guard let endpoint = address.endpoint, let slot = takeSlot() else { return }
        let raw = descriptor.raw
        // Answers are gathered here, so the kernel need not wait for more of them.
        try? descriptor.setNoDelay()
        // A listener's large buffer is for the datagrams beside it; a client gets one of its own.
        try? descriptor.setReceiveBuffer(byteCount: FrontendLimits.clientReceiveBuffer)
        let client = StreamClient(owning: descriptor, endpoint: endpoint, now: loop.now)
        do {
            client.source = try loop.addIO(
                raw, events: .readable, token: Int(slot.index), handler: self)
        } catch {
            slots.free(slot)
            return
        }
        clients[Int(slot.index)] = client
        schedule(slot, at: loop.now + idleTimeout)
    }

    /// A free place, made by closing the idlest client when there is none.
    private func takeSlot() -> SlotID? {
        if let slot = slots.allocate() { return slot }
        for _ in 0..<FrontendLimits.evictionProbes {
            guard let index = timers.firstIndex, let client = clients[index] else { break }
            // Timers are set lazily: one that was active since is looked at again later.
            let deadline = client.deadline(idleTimeout: idleTimeout) ?? loop.now + idleTimeout
            guard let earliest = timers.earliest, deadline > earliest + TimerWheel.tick else {
                break
            }
            timers.schedule(index, at: deadline, now: loop.now)
        }
        guard let index = timers.firstIndex, let idlest = slots.slot(at: index) else { return nil }
        counters.evicted &+= 1
        close(idlest)
        return slots.allocate()
    }

    /// Leaves connections in the backlog for a moment: there is nothing to accept them with.
    private func pauseAccepting() {
        counters.acceptPauses &+= 1
        for listener in listeners { listener.source.disable() }
        acceptTimer?.arm(at: loop.now + FrontendLimits.acceptPause)
    }
}

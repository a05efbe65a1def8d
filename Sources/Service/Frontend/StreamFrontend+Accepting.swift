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

    /// A free place, made by closing an idle client when there is none.
    private func takeSlot() -> SlotID? {
        if let slot = slots.allocate() { return slot }
        guard let index = idlest(), let slot = slots.slot(at: index) else { return nil }
        counters.evicted &+= 1
        close(slot)
        return slots.allocate()
    }

    /// The idlest of the clients that are looked at in turn; those that wait for answers count as
    /// busy.
    private func idlest() -> Int? {
        var found: (index: Int, client: StreamClient)?
        for _ in 0..<min(FrontendLimits.evictionProbes, clients.count) {
            evictionHand = (evictionHand + 1) % clients.count
            guard let client = clients[evictionHand] else { continue }
            if let best = found?.client, !client.isIdler(than: best) { continue }
            found = (evictionHand, client)
        }
        return found?.index
    }

    /// Leaves connections in the backlog for a moment: there is nothing to accept them with.
    private func pauseAccepting() {
        counters.acceptPauses &+= 1
        for index in listeners.indices { listeners[index].source = nil }
        acceptTimer?.arm(at: loop.now + FrontendLimits.acceptPause)
    }
}

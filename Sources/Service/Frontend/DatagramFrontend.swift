public import EventLoop
public import LinuxIO
public import NetAddress

/// One UDP socket: queries come in batches, answers leave in batches.
public final class DatagramFrontend: IOHandler {
    private let socket: ListeningSocket
    private let listener: UInt32
    private unowned let sink: any QuerySink
    private var source: IOSource?
    private var receiver = DatagramReceiver(
        slots: FrontendLimits.batch, slotSize: FrontendLimits.querySize)
    private var sender = DatagramSender(
        slots: FrontendLimits.batch, slotSize: FrontendLimits.datagramReplySize)
    public private(set) var counters = FrontendCounters()

    /// Serves a bound socket; `listener` is its place among the frontends of the worker.
    public init(
        socket: ListeningSocket, listener: Int, loop: EventLoop, sink: any QuerySink
    ) throws(Errno) {
        self.socket = socket
        self.listener = UInt32(listener)
        self.sink = sink
        source = try loop.addIO(
            socket.descriptor.raw, events: .readable, token: 0, handler: self, isShared: true)
    }

    /// Takes no more queries; what was not read stays in the socket.
    public func stopReading() {
        source = nil
    }

    /// Takes what waits in the socket, within the budget of a wake-up.
    public func ioReady(token: Int, events: IOEvents) {
        // Taken hold of once, not for each datagram.
        let sink = sink
        var hasLookedAgain = false
        var hasFailed = false
        for _ in 0..<FrontendLimits.batchesPerWakeUp {
            let count: Int
            do {
                count = try receiver.receive(from: socket.descriptor.raw)
            } catch {
                // One that an earlier answer caused (ICMP) is told once; reading goes on.
                counters.errors &+= 1
                guard !hasFailed else { return }
                hasFailed = true
                continue
            }
            for index in 0..<count { take(index, sink) }
            flush()
            guard count < FrontendLimits.batch else { continue }
            guard count >= FrontendLimits.busyBatch, !hasLookedAgain else { return }
            hasLookedAgain = true
        }
    }

    /// Writes an answer by `write`, which gives its length, and sends it with the next flush.
    public func reply(to peer: DatagramPeer, _ write: (inout MutableRawSpan) -> Int) {
        if sender.isFull { flush() }
        var slot = sender.nextSlot()
        let length = write(&slot)
        if length > 0 { sender.commit(length: length, to: peer) }
    }

    /// Where the datagram at `place` of the batch that is being handed over came to, if that is known.
    public func local(ofDatagram place: Int) -> Endpoint? { local(of: receiver.peer(place)) }

    /// Where datagrams of `peer` came to, if that is known.
    public func local(of peer: DatagramPeer) -> Endpoint? {
        if let info = peer.local {
            return Endpoint(address: info.destination, port: socket.endpoint.port)
        }
        return socket.endpoint.address.isUnspecified ? nil : socket.endpoint
    }

    /// Sends the answers that have gathered.
    public func flush() {
        guard !sender.isEmpty else { return }
        let outcome = sender.flush(to: socket.descriptor.raw)
        counters.unsentDatagrams &+= UInt64(outcome.dropped)
    }

    private func take(_ index: Int, _ sink: any QuerySink) {
        counters.datagrams &+= 1
        guard !receiver.isTruncated(index) else {
            counters.oversized &+= 1
            return
        }
        guard let endpoint = receiver.endpoint(index) else { return }
        if sender.isFull { flush() }
        var slot = sender.nextSlot()
        let receipt = sink.received(
            receiver.datagram(index), from: endpoint,
            by: .datagram(listener: listener, place: UInt32(truncatingIfNeeded: index)),
            reply: &slot)
        switch receipt {
        case .replied(let length): sender.commit(length: length, answering: index, of: receiver)
        case .pending(let query):
            sink.keep(.datagram(listener: Int(listener), receiver.peer(index)), for: query)
        case .relayed, .ignored: break
        }
    }
}

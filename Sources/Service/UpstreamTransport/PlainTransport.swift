public import Collections
public import EventLoop
internal import LinuxIO
public import NetAddress

/// Carries out what the pool decides for servers that are spoken to in the clear.
public final class PlainTransport: IOHandler {
    /// Tokens of datagram sockets lie above those of streams.
    private static let datagramToken = 1 << 32

    private let loop: EventLoop
    private unowned let sink: any UpstreamSink
    private var datagrams: [PlainDatagrams?]
    private var streams: [PlainStream?]
    /// Streams with something to flush at the end of the wake-up.
    private var dirty: [SlotID] = []
    /// Where queries are written and datagrams received.
    private var buffer = StreamBuffer(
        maximumCapacity: TransportLimits.datagramSize, keptCapacity: TransportLimits.datagramSize)

    /// Makes room for connections at slot indices below `capacity`.
    public init(capacity: Int, loop: EventLoop, sink: any UpstreamSink) {
        self.loop = loop
        self.sink = sink
        datagrams = Array(repeating: nil, count: capacity)
        streams = Array(repeating: nil, count: capacity)
    }

    /// Takes datagrams to `server` from now on.
    public func openDatagrams(_ id: SlotID, to server: UpstreamServer) {
        datagrams[Int(id.index)] = PlainDatagrams(id, server: server)
    }

    /// Starts to connect to `server`; the sink learns what comes of it, perhaps at once.
    public func openStream(_ id: SlotID, to server: UpstreamServer) {
        do throws(Errno) {
            let descriptor = try UpstreamTransport.connect(to: server.endpoint)
            let raw = descriptor.raw
            let stream = PlainStream(id, server: server, descriptor: descriptor, now: loop.now)
            stream.source = try loop.addIO(
                raw, events: .writable, token: Int(id.index), handler: self)
            streams[Int(id.index)] = stream
        } catch {
            sink.failed(id, .system(error), at: .connecting)
        }
    }

    /// Closes a connection; the sink hears no more of it.
    public func close(_ id: SlotID) {
        if let stream = stream(id) { remove(stream) }
        guard let sockets = sockets(id) else { return }
        sockets.closeAll()
        datagrams[Int(id.index)] = nil
    }

    /// Closes every connection.
    public func closeAll() {
        for stream in streams.compactMap(\.self) { close(stream.id) }
        for sockets in datagrams.compactMap(\.self) { close(sockets.id) }
    }

    /// Closes the socket of a datagram whose answer nobody waits for any more.
    public func finish(_ messageID: UInt16, on id: SlotID) {
        sockets(id)?.finish(messageID)
    }

    /// Sends a query written by `write`, which gives its length: a datagram at once, on a stream
    /// with the next flush.
    public func send(on id: SlotID, messageID: UInt16, _ write: (inout MutableRawSpan) -> Int) {
        guard buffer.reserve(TransportLimits.datagramSize) else { return }
        let length = buffer.withWritable { write(&$0) }
        guard length > 0 else { return }
        buffer.append(written: length)
        defer { buffer.consume(length) }
        if let stream = stream(id) {
            guard buffer.withReadable({ stream.enqueue($0) }) else {
                return fail(stream, .system(.noBufferSpace))
            }
            guard !stream.isDirty else { return }
            stream.isDirty = true
            dirty.append(id)
        } else if let sockets = sockets(id) {
            send(messageID, from: sockets)
        }
    }

    private func send(_ messageID: UInt16, from sockets: PlainDatagrams) {
        do throws(Errno) {
            try buffer.withReadable { query throws(Errno) in
                try sockets.send(query, messageID: messageID) { fd, place throws(Errno) in
                    try loop.addIO(
                        fd, events: .readable,
                        token: Self.datagramToken | Int(sockets.id.index) << 16 | place,
                        handler: self)
                }
            }
        } catch {
            fail(sockets, error)
        }
    }

    /// Stops reading from a stream, or goes on with it, at once.
    public func setReading(_ id: SlotID, _ isReading: Bool) {
        guard let stream = stream(id), stream.isUp else { return }
        stream.isPaused = !isReading
        if isReading { exchange(stream, .readable) }
    }

    /// Sends the queries that have gathered.
    public func flush() {
        var index = 0
        while index < dirty.count {
            let id = dirty[index]
            index += 1
            guard let stream = stream(id) else { continue }
            stream.isDirty = false
            if stream.isUp { conclude(stream, stream.flush()) }
        }
        dirty.removeAll(keepingCapacity: true)
    }

    public func ioReady(token: Int, events: IOEvents) {
        if token >= Self.datagramToken {
            if let sockets = datagrams[token >> 16 & 0xffff] {
                receive(sockets, at: token & 0xffff)
            }
        } else if let stream = streams[token] {
            exchange(stream, events)
        }
    }

    private func receive(_ sockets: PlainDatagrams, at place: Int) {
        guard buffer.reserve(TransportLimits.datagramSize) else { return }
        do throws(Errno) {
            let length = try buffer.withWritable { room throws(Errno) in
                try sockets.receive(at: place, into: &room)
            }
            guard let length else { return }
            buffer.append(written: length)
            buffer.withReadable { sink.answered($0, on: sockets.id) }
            buffer.consume(length)
        } catch {
            fail(sockets, error)
        }
    }

    private func exchange(_ stream: PlainStream, _ events: IOEvents) {
        if !stream.isUp {
            if case .failure(let failure) = stream.finishConnecting() {
                return fail(stream, failure)
            }
            let taken = loop.now - stream.startedAt
            sink.connected(
                stream.id,
                ConnectionReport(
                    server: stream.server, tls: nil, roundTrip: taken, handshake: taken))
            return conclude(stream, .success(()))
        }
        if events.contains(.writable) { conclude(stream, stream.flush()) }
        guard self.stream(stream.id) != nil, events != .writable else { return }
        let id = stream.id
        conclude(stream, stream.receive { message in sink.answered(message, on: id) })
    }

    private func conclude(_ stream: PlainStream, _ outcome: PlainStream.Outcome) {
        switch outcome {
        case .success: stream.source?.setEvents(stream.events)
        case .failure(let failure): fail(stream, failure)
        }
    }

    private func fail(_ stream: PlainStream, _ failure: TransportFailure) {
        guard self.stream(stream.id) != nil else { return }
        remove(stream)
        sink.failed(stream.id, failure, at: stream.isUp ? .established : .connecting)
    }

    private func fail(_ sockets: PlainDatagrams, _ error: Errno) {
        guard self.sockets(sockets.id) != nil else { return }
        close(sockets.id)
        sink.failed(sockets.id, .system(error), at: .established)
    }

    private func remove(_ stream: PlainStream) {
        stream.source = nil
        streams[Int(stream.id.index)] = nil
    }

    private func stream(_ id: SlotID) -> PlainStream? {
        guard let stream = streams[Int(id.index)], stream.id == id else { return nil }
        return stream
    }

    private func sockets(_ id: SlotID) -> PlainDatagrams? {
        guard let sockets = datagrams[Int(id.index)], sockets.id == id else { return nil }
        return sockets
    }
}

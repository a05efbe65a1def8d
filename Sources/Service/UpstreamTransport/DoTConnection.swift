internal import Collections
internal import DNSWire
internal import EventLoop
internal import LinuxIO
internal import NetAddress
internal import TLS

/// One connection to an upstream: a socket, a TLS session, and what waits in each direction.
final class DoTConnection {
    enum Phase {
        case connecting
        case handshaking
        case established
    }

    /// What a step came to; failures go to the sink by way of the transport.
    typealias Outcome = Result<Void, TransportFailure>

    let id: SlotID
    let server: UpstreamServer
    let startedAt: Instant
    private(set) var connectedAt: Instant
    private(set) var phase = Phase.connecting
    // Source and session borrow the descriptor, so they are declared, and let go, before it.
    var source: IOSource?
    var session: TLSSession
    let descriptor: FileDescriptor
    var input = StreamBuffer(
        maximumCapacity: TransportLimits.inputBound, keptCapacity: TransportLimits.keptInput)
    var output = StreamBuffer(
        maximumCapacity: TransportLimits.outputBound, keptCapacity: TransportLimits.keptOutput)
    /// Whether it has output to flush and is on the list for that.
    var isDirty = false
    /// Whether a record is waiting for the socket, so that nothing else can be sent.
    private var isBlocked = false

    /// Starts to connect `descriptor` to `server`.
    init(
        _ id: SlotID, server: UpstreamServer, descriptor: consuming FileDescriptor,
        session: consuming TLSSession, now: Instant
    ) {
        self.id = id
        self.server = server
        self.descriptor = descriptor
        self.session = session
        startedAt = now
        connectedAt = now
    }

    /// How far it has come, for what its end means.
    var stage: ConnectionStage {
        switch phase {
        case .connecting: .connecting
        case .handshaking: session.hasHeard ? .handshaking : .greeted
        case .established: .established
        }
    }

    /// Whether nothing is read, so that the server is held back.
    var isPaused = false

    /// What to wait for on the socket.
    var events: IOEvents {
        switch phase {
        case .connecting: .writable
        case .handshaking: session.wantsWrite ? .writable : .readable
        case .established:
            IOEvents.readable.subtracting(isPaused ? .readable : [])
                .union(isBlocked ? .writable : [])
        }
    }

    /// Notes that TCP is up, or why it is not.
    func finishConnecting(now: Instant) -> Outcome {
        do {
            if let error = try descriptor.takeError() { return .failure(.system(error)) }
        } catch {
            return .failure(.system(error))
        }
        connectedAt = now
        phase = .handshaking
        return .success(())
    }

    /// Carries the handshake on; `phase` tells whether it is done.
    func shakeHands() -> Outcome {
        session.allowReads(TransportLimits.readsPerWakeUp)
        switch session.handshake() {
        case .done: phase = .established
        case .wantsRead, .wantsWrite: break
        case .closed: return .failure(.closed)
        case .failed: return .failure(sessionFailure)
        }
        return .success(())
    }

    /// Reads what there is, within bounds, and hands each whole message to `deliver`.
    func receive(_ deliver: (RawSpan) -> Void) -> Outcome {
        session.allowReads(TransportLimits.readsPerWakeUp)
        // To the end: what the session has read already, the socket will not tell of again.
        while true {
            if isPaused { return .success(()) }
            guard
                input.reserve(
                    input.isEmpty ? TransportLimits.keptInput : TransportLimits.leastInput)
            else { return .failure(.emptyFrame) }
            switch input.withWritable({ session.receive(into: &$0) }) {
            case .done(let count):
                input.append(written: count)
                let (octets, isSound) = input.deliverMessages(deliver)
                input.consume(octets)
                guard isSound else { return .failure(.emptyFrame) }
            case .wantsRead, .wantsWrite: return .success(())
            case .closed: return .failure(.closed)
            case .failed: return .failure(sessionFailure)
            }
        }
    }

    /// Octets of memory that it holds besides what GnuTLS does.
    var heldOctets: Int { input.capacity + output.capacity + TLSSession.heldOctets }

    /// Adds a query of at most `capacity` octets, written by `write`, which gives its length.
    ///
    /// Sends what waited before where that makes a record. False when the server has not read for
    /// so long that no more fits.
    func enqueue(capacity: Int, _ write: (inout MutableRawSpan) -> Int) -> Bool {
        let prefix = FrameCursor.prefixLength
        if !isBlocked, output.count + capacity + prefix > TransportLimits.recordSize {
            // A failure is found again by the flush that is due.
            _ = flush()
        }
        guard output.reserve(capacity + prefix) else { return false }
        let length = output.withWritable { room in
            var message = room._mutatingExtracting(prefix..<(prefix + capacity))
            let length = write(&message)
            room.setUInt16(UInt16(truncatingIfNeeded: length), at: 0)
            return length
        }
        if length > 0 { output.append(written: length + prefix) }
        return true
    }

    /// Sends what waits, in records as long as they may be.
    func flush() -> Outcome {
        while !output.isEmpty {
            switch output.withReadable({ session.send(Self.record($0)) }) {
            case .done(let count): output.consume(count)
            case .wantsRead, .wantsWrite:
                isBlocked = true
                return .success(())
            case .closed: return .failure(.closed)
            case .failed: return .failure(sessionFailure)
            }
        }
        isBlocked = false
        return .success(())
    }

    /// Says goodbye, if that can be said at once.
    func sayGoodbye() {
        guard phase == .established, !isBlocked else { return }
        _ = session.close()
    }

    @_lifetime(copy octets)
    private static func record(_ octets: RawSpan) -> RawSpan {
        octets.extracting(first: min(octets.byteCount, TransportLimits.recordSize))
    }

    private var sessionFailure: TransportFailure {
        session.failure.map { .tls($0) } ?? .closed
    }
}

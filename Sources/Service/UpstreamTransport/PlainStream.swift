internal import Collections
internal import DNSWire
internal import EventLoop
internal import LinuxIO
internal import NetAddress

/// A TCP connection to a server in the clear, and what waits in each direction (RFC 7766).
final class PlainStream {
    typealias Outcome = Result<Void, TransportFailure>

    let id: SlotID
    let server: UpstreamServer
    let startedAt: Instant
    private(set) var isUp = false
    // The source borrows the descriptor, so it is declared, and let go, before it.
    var source: IOSource?
    let descriptor: FileDescriptor
    private var input = StreamBuffer(
        maximumCapacity: TransportLimits.inputBound, keptCapacity: TransportLimits.recordSize)
    private var output = StreamBuffer(
        maximumCapacity: TransportLimits.outputBound, keptCapacity: TransportLimits.keptOutput)
    /// Whether it has output to flush and is on the list for that.
    var isDirty = false

    init(
        _ id: SlotID, server: UpstreamServer, descriptor: consuming FileDescriptor, now: Instant
    ) {
        self.id = id
        self.server = server
        self.descriptor = descriptor
        startedAt = now
    }

    /// Whether nothing is read, so that the server is held back.
    var isPaused = false

    /// What to wait for on the socket.
    var events: IOEvents {
        guard isUp else { return .writable }
        return IOEvents.readable.subtracting(isPaused ? .readable : [])
            .union(output.isEmpty ? [] : .writable)
    }

    /// Notes that TCP is up, or why it is not.
    func finishConnecting() -> Outcome {
        do {
            if let error = try descriptor.takeError() { return .failure(.system(error)) }
        } catch {
            return .failure(.system(error))
        }
        isUp = true
        return .success(())
    }

    /// Reads what there is, within bounds, and hands each whole message to `deliver`.
    func receive(_ deliver: (RawSpan) -> Void) -> Outcome {
        var left = TransportLimits.octetsPerWakeUp
        while left > 0, !isPaused {
            guard
                input.reserve(
                    input.isEmpty ? TransportLimits.recordSize : TransportLimits.leastInput)
            else { return .failure(.emptyFrame) }
            do throws(Errno) {
                let received = try input.withWritable { room throws(Errno) in
                    try descriptor.receive(into: &room)
                }
                switch received {
                case .bytes(let count):
                    input.append(written: count)
                    left -= count
                case .endOfStream: return .failure(.closed)
                case .wouldBlock: return .success(())
                }
            } catch {
                return .failure(.system(error))
            }
            let (octets, isSound) = input.deliverMessages(deliver)
            input.consume(octets)
            guard isSound else { return .failure(.emptyFrame) }
        }
        return .success(())
    }

    /// Adds a query; false when the server has not read for so long that no more fits.
    func enqueue(_ query: RawSpan) -> Bool {
        guard output.reserve(query.byteCount + FrameCursor.prefixLength) else { return false }
        output.withWritable { room in
            room.setUInt16(UInt16(truncatingIfNeeded: query.byteCount), at: 0)
            room.copy(query, 0..<query.byteCount, to: FrameCursor.prefixLength)
        }
        output.append(written: query.byteCount + FrameCursor.prefixLength)
        return true
    }

    /// Sends what waits.
    func flush() -> Outcome {
        while !output.isEmpty {
            do throws(Errno) {
                let sent = try output.withReadable { octets throws(Errno) in
                    try descriptor.send(octets)
                }
                guard case .bytes(let count) = sent else { return .success(()) }
                output.consume(count)
            } catch {
                return .failure(.system(error))
            }
        }
        return .success(())
    }
}

internal import Collections
internal import EventLoop
internal import LinuxIO
internal import NetAddress

/// A client of the control socket: one request, one reply.
final class ControlConnection {
    enum Phase {
        case reading
        /// The request is with the sink.
        case waiting
        case writing
    }

    /// What came of reading or writing.
    enum Outcome {
        case goesOn
        /// A whole request is there, without its line break.
        case request([UInt8])
        /// There is no more to do, or nobody to do it with.
        case isOver
    }

    let id: ControlClientID
    /// Whether it may change something: it is root's, or the daemon's own user's.
    let isPrivileged: Bool
    // The source watches the descriptor, so it is declared, and let go, before it.
    var source: IOSource?
    private let descriptor: FileDescriptor
    private(set) var phase = Phase.reading
    /// When it is closed, unless it gets on.
    private(set) var deadline: Instant
    private var input: [UInt8] = []
    private var output: [UInt8] = []
    private var written = 0
    /// Makes the next piece of a long reply; `nil` after the last one.
    private var nextPiece: (() -> String?)?

    init(_ id: ControlClientID, owning descriptor: consuming FileDescriptor, now: Instant) {
        self.id = id
        let user = try? descriptor.peerUser()
        isPrivileged = user == 0 || user == CurrentUser.id
        self.descriptor = descriptor
        deadline = now + ControlLimits.patience
    }

    var raw: CInt { descriptor.raw }

    /// Reads until the line is whole.
    func read(now: Instant) -> Outcome {
        var room = [UInt8](repeating: 0, count: ControlLimits.requestSize)
        while true {
            guard let count = receive(into: &room) else { return .isOver }
            if count == 0 { return .goesOn }
            input += room[..<count]
            if let end = input.firstIndex(of: UInt8(ascii: "\n")) {
                phase = .waiting
                deadline = now + ControlLimits.answerBound
                let line = input[..<end]
                return .request(Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
            }
            if input.count >= ControlLimits.requestSize { return .isOver }
        }
    }

    /// The number of octets read, zero when there are none now, `nil` at the end.
    private func receive(into room: inout [UInt8]) -> Int? {
        var span = room.mutableSpan
        var bytes = span.mutableOctets
        do throws(Errno) {
            switch try descriptor.receive(into: &bytes) {
            case .bytes(let count): return count
            case .wouldBlock: return 0
            case .endOfStream: return nil
            }
        } catch {
            return nil
        }
    }

    /// Begins the reply; `nextPiece` makes what follows on `octets`.
    func reply(_ octets: [UInt8], nextPiece: (() -> String?)? = nil, now: Instant) {
        guard phase == .waiting else { return }
        phase = .writing
        output = octets
        self.nextPiece = nextPiece
        deadline = now + ControlLimits.patience
    }

    /// Sends what there is room for.
    func write(now: Instant) -> Outcome {
        while true {
            if written == output.count, !refill() { return .isOver }
            do throws(Errno) {
                let octets = output
                switch try descriptor.send(octets.span.octets.extracting(written...)) {
                case .bytes(let count):
                    written += count
                    deadline = now + ControlLimits.patience
                case .wouldBlock: return .goesOn
                case .endOfStream: return .isOver
                }
            } catch {
                return .isOver
            }
        }
    }

    /// Makes the next piece, and the end after the last one; false when all has been sent.
    private func refill() -> Bool {
        guard let nextPiece else { return false }
        output.removeAll(keepingCapacity: true)
        written = 0
        while output.count < ControlLimits.pieceSize {
            guard let piece = nextPiece() else {
                self.nextPiece = nil
                output += ControlReply.end
                break
            }
            output += ControlReply.stuffed(piece)
        }
        return true
    }
}

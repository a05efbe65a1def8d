internal import Collections
internal import LinuxIO
public import NetAddress

/// Asks the daemon something over its control socket, and waits for the answer.
public enum ControlClient {
    /// Where the socket is on a machine with systemd.
    public static let usualPath = "/run/dotproxy/control"

    /// Why there is no answer.
    public enum Failure: Error, CustomStringConvertible {
        /// The socket cannot be reached, or not read from.
        case system(path: String, reason: String)
        /// The reply ended before its end.
        case cut

        public var description: String {
            switch self {
            case .system(let path, let reason): "\(path): \(reason)"
            case .cut: "the daemon's reply is not whole"
            }
        }
    }

    /// Sends `request`, hands the lines of the reply to `show` as they come, and gives its first
    /// line.
    ///
    /// Each wait is bounded by `patience`.
    public static func ask(
        _ request: String, path: String, patience: Interval, show: (String) -> Void
    ) throws(Failure) -> ControlReply {
        var reader = ReplyReader()
        do throws(Errno) {
            let socket = try LocalSocket.connect(path: path, patience: patience)
            try send(Array("\(request)\n".utf8), to: socket)
            var room = [UInt8](repeating: 0, count: ControlLimits.pieceSize)
            while !reader.isComplete, let count = try receive(from: socket, into: &room) {
                let lines = reader.take(room[..<count])
                if !lines.isEmpty { show(lines) }
            }
        } catch {
            let isLate = error == .wouldBlock
            throw .system(path: path, reason: isLate ? "no answer in time" : "\(error)")
        }
        guard reader.isComplete, let reply = reader.reply else { throw .cut }
        return reply
    }

    /// Sends `request` and gives the whole reply.
    public static func ask(
        _ request: String, path: String, patience: Interval
    ) throws(Failure) -> ControlReply {
        var body = ""
        let reply = try ask(request, path: path, patience: patience) { body += $0 }
        return ControlReply(isSuccess: reply.isSuccess, words: reply.words, body: body)
    }

    private static func send(_ octets: [UInt8], to socket: borrowing FileDescriptor) throws(Errno) {
        var sent = 0
        while sent < octets.count {
            switch try socket.send(octets.span.octets.extracting(sent...)) {
            case .bytes(let count): sent += count
            case .wouldBlock, .endOfStream: throw .wouldBlock
            }
        }
    }

    /// The number of octets received, `nil` at the end.
    private static func receive(
        from socket: borrowing FileDescriptor, into room: inout [UInt8]
    ) throws(Errno) -> Int? {
        var span = room.mutableSpan
        var bytes = span.mutableOctets
        switch try socket.receive(into: &bytes) {
        case .bytes(let count): return count
        case .wouldBlock: throw .wouldBlock
        case .endOfStream: return nil
        }
    }
}

public import NetAddress

/// The bounds of the control socket, each with its reason.
public enum ControlLimits {
    /// Clients at a time: people and monitors of one machine.
    static let clients = 16
    /// The longest request with its line break: two names and a few words.
    static let requestSize = 4096
    /// How long a client may take for its request, or to read on in its reply.
    public static let patience = Interval.seconds(5)
    /// How long a client is kept waiting for its reply; a reload waits for all workers.
    static let answerBound = Interval.seconds(30)
    /// Octets of a reply that is made at once; what may be longer is made in pieces.
    static let replySize = 1 << 20
    /// Octets from which on the next piece waits until they are read.
    static let pieceSize = 64 * 1024
    /// Connections taken in a wake-up, so that the watchdog gets its turn.
    static let acceptsPerWakeUp = 64
    /// How long accepting pauses when descriptors or memory have run out.
    static let acceptPause = Interval.milliseconds(100)
    /// Connections that wait to be accepted where the socket is our own.
    public static let backlog: CInt = 64
    /// Who may connect where the socket is our own: the user and the group of the daemon.
    public static let mode: UInt32 = 0o660
}

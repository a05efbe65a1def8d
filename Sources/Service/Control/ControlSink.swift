/// Takes the requests of the control socket.
public protocol ControlSink: AnyObject {
    /// Takes a request; the answer is given to `ControlServer.reply`, now or later.
    func requested(_ request: ControlRequest, by client: ControlClientID)
}

/// A client that waits for its answer; one that has gone is answered in vain.
public struct ControlClientID: Hashable, Sendable {
    let number: UInt64
}

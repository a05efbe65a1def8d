// The loop holds every handler without keeping it alive: whoever owns a source owns its handler,
// and drops the source first. A handler that has gone while its source lives is a programming
// error, and ends the process.

/// Learns that a descriptor is ready.
public protocol IOHandler: AnyObject {
    func ioReady(token: Int, events: IOEvents)
}

/// Learns that a timer has fired; the timer is disarmed until it is armed again.
public protocol TimerHandler: AnyObject {
    func timerFired(token: Int)
}

/// Learns that the process got a signal.
public protocol SignalHandler: AnyObject {
    func signalReceived(_ number: CInt)
}

/// Learns that everything of one wake-up has been dispatched: where batches are flushed.
public protocol WakeUpHandler: AnyObject {
    func wakeUpEnded()
}

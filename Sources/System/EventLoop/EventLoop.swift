public import LinuxIO
public import NetAddress

/// Waits for descriptors, timers and signals, and tells their handlers, in one thread.
///
/// A wake-up is one `epoll_wait` and what follows from it: the ready descriptors in the kernel's
/// order (signals come as one of them), then the timers that are due, then, once, the wake-up
/// handler. Time stands still during a wake-up.
///
/// This stands on epoll and not on sd-event, which asks the kernel again before every source it
/// dispatches (1.1 microseconds for a ready descriptor, against 0.2 to 0.4 here), and under load
/// has no moment when a wake-up is over and batches can be flushed.
///
/// The loop, its sources and its handlers belong to one thread; `EventDescriptor` is the way in
/// from others.
public final class EventLoop {
    /// The data of the signal descriptor's events; no descriptor number looks like it.
    private static let signalData = UInt64.max
    /// Signals taken in one wake-up, so that a storm of them does not hold up the rest.
    private static let signalsPerWakeUp = 64
    /// `EPOLLET`: with nothing else, a condition is told once and not for as long as it lasts.
    private static let edgeTriggered: UInt32 = 1 << 31
    /// `EPOLLEXCLUSIVE`: of several loops that wait for a descriptor, one is woken up.
    private static let exclusive: UInt32 = 1 << 28

    private struct TimerEntry {
        var token = 0
        unowned var handler: (any TimerHandler)?
    }

    private struct SignalEntry {
        unowned let handler: any SignalHandler
    }

    private var epoll: Epoll
    private var registrations = RegistrationTable()
    private var timers = TimerHeap()
    /// By timer slot.
    private var timerEntries: [TimerEntry] = []
    private var signals: SignalDescriptor?
    private var signalEntries: [CInt: SignalEntry] = [:]
    private unowned var wakeUpHandler: (any WakeUpHandler)?
    private var isRunning = false
    private var isExiting = false

    /// The time of this wake-up, `CLOCK_MONOTONIC`.
    public private(set) var now: Instant

    public init() throws(Errno) {
        epoll = try Epoll()
        now = Clock.monotonic()
    }

    /// Sets who learns that a wake-up has ended; not kept alive.
    public func setWakeUpHandler(_ handler: any WakeUpHandler) throws(Errno) {
        wakeUpHandler = handler
    }

    /// Dispatches until `exit()`; handlers must not call it.
    public func run() throws(Errno) {
        precondition(!isRunning, "run() is not reentrant")
        isRunning = true
        defer {
            isRunning = false
            isExiting = false
        }
        while !isExiting {
            let count = try epoll.wait(milliseconds: waitTime())
            now = Clock.monotonic()
            for index in 0..<count { dispatch(index) }
            fireTimers()
            wakeUpHandler?.wakeUpEnded()
        }
    }

    /// Ends `run()` after this wake-up, of which nothing is left out.
    public func exit() {
        isExiting = true
    }

    private func dispatch(_ index: Int) {
        let event = epoll.event(index)
        if event.data == Self.signalData { return dispatchSignals() }
        // None when the source was dropped or disabled earlier in this wake-up.
        let events = IOEvents(rawValue: event.events)
        let id = RegistrationTable.ID(data: event.data)
        guard let delivery = registrations.delivery(id, events: events) else { return }
        delivery.handler.ioReady(token: delivery.token, events: delivery.events)
    }

    private func dispatchSignals() {
        for _ in 0..<Self.signalsPerWakeUp {
            guard let number = signals?.next() else { return }
            signalEntries[number]?.handler.signalReceived(number)
        }
    }

    private func fireTimers() {
        timers.collectDue(at: now)
        while let slot = timers.popDue() {
            timerEntries[slot].handler?.timerFired(token: timerEntries[slot].token)
        }
    }

    /// How long to sleep, rounded up so that no timer would find itself early; -1 for ever.
    private func waitTime() -> CInt {
        guard let deadline = timers.earliest, deadline != .distantFuture else { return -1 }
        // `now` is as old as the wake-up was long.
        let left = (deadline - Clock.monotonic()).microseconds
        return CInt(clamping: left / 1000 + (left % 1000 == 0 ? 0 : 1))
    }
}

// Descriptors.
extension EventLoop {
    /// Watches a descriptor, level-triggered, until the source is dropped.
    ///
    /// One source for each descriptor. The handler is not kept alive. Of a descriptor that
    /// `isShared` with the loops of other threads one of them is told, not all; what it is watched
    /// for then stays the same until the source is dropped.
    public func addIO(
        _ fd: CInt, events: IOEvents, token: Int, handler: any IOHandler, isShared: Bool = false
    ) throws(Errno) -> IOSource {
        let id = registrations.nextID(fd)
        try epoll.add(
            fd, events: Self.mask(events) | (isShared ? Self.exclusive : 0), data: id.data)
        registrations.insert(id, events: events, token: token, handler: handler)
        return IOSource(loop: self, id: id, isShared: isShared)
    }

    func watch(_ id: RegistrationTable.ID, for events: IOEvents) {
        guard registrations.update(id, events: events) else { return }
        // Fails only when the descriptor was closed under its source, and then nothing is watched.
        try? epoll.modify(id.fd, events: Self.mask(events), data: id.data)
    }

    func unwatch(_ id: RegistrationTable.ID) {
        // A registration that has gone may have left its number to another, which stays.
        guard registrations.remove(id) else { return }
        // Fails only when the descriptor was closed under its source; closing has ended the watch.
        try? epoll.remove(id.fd)
    }

    /// What to tell the kernel.
    ///
    /// It reports errors and hang-ups even of descriptors that are watched for nothing. Those stay
    /// registered, since to enter them again could fail; they are told once and ignored, where
    /// being told as long as it lasts would be a busy loop.
    private static func mask(_ events: IOEvents) -> UInt32 {
        events.isEmpty ? edgeTriggered : events.rawValue
    }
}

// Timers.
extension EventLoop {
    /// Makes a timer, disarmed; the handler is not kept alive.
    ///
    /// It never fires early, and late by a millisecond and what comes before it in its wake-up.
    public func addTimer(token: Int, handler: any TimerHandler) throws(Errno) -> TimerSource {
        let slot = timers.makeSlot()
        if slot == timerEntries.count { timerEntries.append(TimerEntry()) }
        timerEntries[slot] = TimerEntry(token: token, handler: handler)
        return TimerSource(loop: self, slot: slot)
    }

    func armTimer(_ slot: Int, at deadline: Instant) {
        timers.arm(slot, at: deadline)
    }

    func disarmTimer(_ slot: Int) {
        timers.disarm(slot)
    }

    func removeTimer(_ slot: Int) {
        timers.freeSlot(slot)
        timerEntries[slot].handler = nil
    }
}

// Signals.
extension EventLoop {
    /// Takes a signal until the source is dropped; blocks it in the calling thread.
    ///
    /// Block it in all other threads as well, or it may be delivered there. One source for each
    /// number. The handler is not kept alive.
    public func addSignal(
        _ number: CInt, handler: any SignalHandler
    ) throws(Errno) -> SignalSource {
        precondition(signalEntries[number] == nil, "the signal has a source")
        if signals == nil {
            let descriptor = try SignalDescriptor()
            try epoll.add(descriptor.raw, events: IOEvents.readable.rawValue, data: Self.signalData)
            signals = consume descriptor
        }
        try signals?.insert(number)
        signalEntries[number] = SignalEntry(handler: handler)
        return SignalSource(loop: self, number: number)
    }

    func removeSignal(_ number: CInt) {
        signalEntries[number] = nil
        // Shrinking the set of a descriptor of ours cannot fail; if it did, the signal would be
        // read and find no handler.
        try? signals?.remove(number)
    }
}

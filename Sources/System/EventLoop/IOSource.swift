/// A watched descriptor; dropping it ends the watch at once, even amid a wake-up.
///
/// Drop it before the descriptor is closed.
public final class IOSource {
    private let loop: EventLoop
    private let id: RegistrationTable.ID
    private let isShared: Bool

    init(loop: EventLoop, id: RegistrationTable.ID, isShared: Bool) {
        self.loop = loop
        self.id = id
        self.isShared = isShared
    }

    deinit {
        loop.unwatch(id)
    }

    /// Watches for these events alone; none is the same as `disable()`.
    public func setEvents(_ events: IOEvents) {
        precondition(!isShared, "the kernel does not change the watch of a shared descriptor")
        loop.watch(id, for: events)
    }

    /// Tells the handler nothing more, errors and hang-ups included, until `setEvents`.
    public func disable() {
        setEvents([])
    }
}

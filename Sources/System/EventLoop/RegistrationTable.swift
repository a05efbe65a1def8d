/// Which handler learns of which descriptor, by descriptor number.
///
/// The kernel hands numbers out again as soon as they are closed, so each registration has a
/// generation, too: an event or a source of an older one finds nothing here. The table is as long
/// as the largest number ever registered, which `RLIMIT_NOFILE` bounds.
struct RegistrationTable {
    /// Names one registration; travels through the kernel with its events.
    struct ID: Equatable {
        let fd: CInt
        let generation: UInt32

        init(fd: CInt, generation: UInt32) {
            self.fd = fd
            self.generation = generation
        }

        init(data: UInt64) {
            fd = CInt(truncatingIfNeeded: data)
            generation = UInt32(truncatingIfNeeded: data >> 32)
        }

        var data: UInt64 { UInt64(generation) << 32 | UInt64(UInt32(bitPattern: fd)) }
    }

    private struct Entry {
        var generation: UInt32 = 0
        var events: IOEvents = []
        var token = 0
        /// Whether there is a handler.
        ///
        /// Kept beside it, because a source is often dropped by the very handler that is going
        /// away, and then the handler must not be touched.
        var isLive = false
        unowned var handler: (any IOHandler)?
    }

    private var entries: [Entry] = []

    /// The name that the next registration of a descriptor gets.
    func nextID(_ fd: CInt) -> ID {
        let index = Int(fd)
        let last = entries.indices.contains(index) ? entries[index].generation : 0
        return ID(fd: fd, generation: last &+ 1)
    }

    /// Enters a registration under `nextID`; one that the number had before is forgotten.
    mutating func insert(_ id: ID, events: IOEvents, token: Int, handler: any IOHandler) {
        let index = Int(id.fd)
        while entries.count <= index { entries.append(Entry()) }
        entries[index] = Entry(
            generation: id.generation, events: events, token: token, isLive: true,
            handler: handler)
    }

    /// Forgets a registration; whether it was there.
    mutating func remove(_ id: ID) -> Bool {
        guard contains(id) else { return false }
        entries[Int(id.fd)].isLive = false
        entries[Int(id.fd)].handler = nil
        return true
    }

    /// Notes what a registration is watched for; false when nothing changes.
    mutating func update(_ id: ID, events: IOEvents) -> Bool {
        guard contains(id), entries[Int(id.fd)].events != events else { return false }
        entries[Int(id.fd)].events = events
        return true
    }

    /// Whom to tell about an event, and what of it is still wanted.
    func delivery(
        _ id: ID, events: IOEvents
    ) -> (handler: any IOHandler, token: Int, events: IOEvents)? {
        guard contains(id) else { return nil }
        let watched = entries[Int(id.fd)].events
        let wanted = events.intersection(watched.union([.error, .hangUp]))
        guard !watched.isEmpty, !wanted.isEmpty, let handler = entries[Int(id.fd)].handler else {
            return nil
        }
        return (handler, entries[Int(id.fd)].token, wanted)
    }

    private func contains(_ id: ID) -> Bool {
        let index = Int(id.fd)
        return entries.indices.contains(index) && entries[index].generation == id.generation
            && entries[index].isLive
    }
}

internal import NetAddress

/// Timers in the order of their deadlines.
///
/// A binary heap of slot numbers, and for every slot its place in the heap, so that a timer is
/// moved or taken out in logarithmic time without a search. Slots are reused.
struct TimerHeap {
    // Invariants (checked by checkInvariants() in debug builds):
    //   places[heap[i].slot] == i                           every entry knows where it is
    //   heap[(i - 1) / 2].deadline <= heap[i].deadline
    //   places[slot] < 0                                    for every slot not in the heap

    private struct Entry {
        let deadline: Instant
        let slot: Int
    }

    /// The place of a slot that is free or disarmed.
    private static let nowhere = -1
    /// The place of a slot that is due and has not been popped.
    private static let due = -2

    private var heap: [Entry] = []
    private var places: [Int] = []
    private var free: [Int] = []
    private var dueSlots: [Int] = []
    private var nextDue = 0

    /// The earliest deadline.
    var earliest: Instant? { heap.first?.deadline }

    /// A slot for a new timer, disarmed; numbers are small.
    mutating func makeSlot() -> Int {
        if let slot = free.popLast() { return slot }
        places.append(Self.nowhere)
        return places.count - 1
    }

    /// Disarms a timer and gives its slot back.
    mutating func freeSlot(_ slot: Int) {
        disarm(slot)
        free.append(slot)
    }

    /// Sets or moves a timer's deadline.
    mutating func arm(_ slot: Int, at deadline: Instant) {
        let entry = Entry(deadline: deadline, slot: slot)
        var place = places[slot]
        if place < 0 {
            place = heap.count
            heap.append(entry)
        } else if heap[place].deadline == deadline {
            return
        }
        settle(entry, at: place)
    }

    /// Takes a timer out, if it is in.
    mutating func disarm(_ slot: Int) {
        let place = places[slot]
        places[slot] = Self.nowhere
        guard place >= 0, let last = heap.popLast(), last.slot != slot else { return }
        settle(last, at: place)
    }

    /// Moves the timers whose deadline has come out of the heap, for `popDue()`.
    ///
    /// In two steps, so that a timer which is armed anew when it fires waits for the next round,
    /// whatever its deadline, and one which is disarmed by another's handler does not fire.
    mutating func collectDue(at now: Instant) {
        dueSlots.removeAll(keepingCapacity: true)
        nextDue = 0
        while let first = heap.first, first.deadline <= now {
            disarm(first.slot)
            places[first.slot] = Self.due
            dueSlots.append(first.slot)
        }
    }

    /// The next due timer, earliest first; it is disarmed.
    mutating func popDue() -> Int? {
        while nextDue < dueSlots.count {
            let slot = dueSlots[nextDue]
            nextDue += 1
            guard places[slot] == Self.due else { continue }
            places[slot] = Self.nowhere
            return slot
        }
        return nil
    }

    /// Puts an entry into the heap at a place that is free for it, or where it belongs from there.
    private mutating func settle(_ entry: Entry, at start: Int) {
        var place = start
        while place > 0, entry.deadline < heap[(place - 1) / 2].deadline {
            set(heap[(place - 1) / 2], at: place)
            place = (place - 1) / 2
        }
        while let child = earlierChild(of: place), heap[child].deadline < entry.deadline {
            set(heap[child], at: place)
            place = child
        }
        set(entry, at: place)
    }

    private func earlierChild(of place: Int) -> Int? {
        let left = 2 * place + 1
        guard left < heap.count else { return nil }
        let right = left + 1
        return right < heap.count && heap[right].deadline < heap[left].deadline ? right : left
    }

    private mutating func set(_ entry: Entry, at place: Int) {
        heap[place] = entry
        places[entry.slot] = place
    }

    #if DEBUG
    /// Traps if an invariant does not hold.
    func checkInvariants() {
        for (place, entry) in heap.enumerated() {
            precondition(places[entry.slot] == place)
            precondition(place == 0 || heap[(place - 1) / 2].deadline <= entry.deadline)
        }
        precondition(places.count { $0 >= 0 } == heap.count)
    }
    #endif
}

import NetAddress
import Testing

@testable import EventLoop

@Suite struct TimerHeapTests {
    /// Thousands of steps beside a dictionary that does the same slowly.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func agreesWithANaiveModel(seed: UInt64) {
        var random = Generator(state: seed)
        var heap = TimerHeap()
        var model: [Int: UInt64] = [:]
        var slots: [Int] = []
        for _ in 0..<20_000 {
            switch random.next(8) {
            case 0 where slots.count < 60:
                slots.append(heap.makeSlot())
            case 1 where !slots.isEmpty:
                let slot = slots.remove(at: random.next(slots.count))
                heap.freeSlot(slot)
                model[slot] = nil
            case 2 where !slots.isEmpty:
                let slot = slots[random.next(slots.count)]
                heap.disarm(slot)
                model[slot] = nil
            case 3:
                let now = UInt64(random.next(100))
                let due = model.filter { $0.value <= now }
                let popped = popAll(&heap, at: now)
                #expect(Set(popped) == Set(due.keys) && popped.count == due.count)
                #expect(popped.map { due[$0] ?? 0 } == due.values.sorted())
                for slot in popped { model[slot] = nil }
            case _ where !slots.isEmpty:
                let slot = slots[random.next(slots.count)]
                let deadline = UInt64(random.next(1000))
                heap.arm(slot, at: Instant(microseconds: deadline))
                model[slot] = deadline
            default: break
            }
            heap.checkInvariants()
            #expect(heap.earliest?.microseconds == model.values.min())
        }
    }

    private func popAll(_ heap: inout TimerHeap, at now: UInt64) -> [Int] {
        heap.collectDue(at: Instant(microseconds: now))
        var popped: [Int] = []
        while let slot = heap.popDue() { popped.append(slot) }
        return popped
    }

    @Test func slotsAreDistinctAndReused() {
        var heap = TimerHeap()
        let slots = (0..<3).map { _ in heap.makeSlot() }
        #expect(slots == [0, 1, 2])
        heap.freeSlot(1)
        #expect(heap.makeSlot() == 1)
    }

    @Test func aDueTimerThatIsArmedAgainWaits() {
        var heap = TimerHeap()
        let slots = (0..<2).map { _ in heap.makeSlot() }
        for slot in slots { heap.arm(slot, at: Instant(microseconds: 1)) }
        heap.collectDue(at: Instant(microseconds: 1))
        heap.arm(slots[1], at: Instant(microseconds: 0))
        #expect(heap.popDue() == slots[0])
        #expect(heap.popDue() == nil)
        #expect(popAll(&heap, at: 1) == [slots[1]])
    }
}

/// A small generator with a stated seed (SplitMix64's constants).
private struct Generator {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
        return Int((value ^ value >> 31) % UInt64(bound))
    }
}

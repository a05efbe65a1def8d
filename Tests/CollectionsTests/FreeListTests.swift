import Collections
import TestSupport
import Testing

@Suite struct FreeListTests {
    @Test func handsOutEveryIndexOnceAndThenNone() {
        var list = FreeList(capacity: 3)
        let slots = (0..<3).compactMap { _ in list.allocate() }
        let none = list.allocate()
        let inUse = list.inUse
        #expect(slots.map(\.index) == [0, 1, 2])
        #expect(none == nil)
        #expect(inUse == 3)
    }

    @Test func aSlotGivenBackIsNotTakenForItsNextHolder() throws {
        var list = FreeList(capacity: 1)
        let first = list.allocate() ?? .none
        list.free(first)
        let second = list.allocate() ?? .none
        list.free(first)
        let holdsFirst = list.contains(first)
        let holdsSecond = list.contains(second)
        let found = list.slot(at: 0)
        #expect(first.index == second.index)
        #expect(!holdsFirst)
        #expect(holdsSecond)
        #expect(found == second)
    }

    @Test func slotsThatNoListMadeAreInNone() {
        var list = FreeList(capacity: 2)
        list.free(.none)
        list.free(SlotID(index: 7, generation: 1))
        let holds = list.contains(.none) || list.contains(SlotID(index: 1, generation: 0))
        let outside = list.slot(at: 2)
        let inUse = list.inUse
        #expect(!holds)
        #expect(outside == nil)
        #expect(inUse == 0)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func doesWhatASetDoes(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var list = FreeList(capacity: 16)
        var held: Set<SlotID> = []
        var gone: [SlotID] = []
        for _ in 0..<5000 {
            if random.below(2) == 0, let slot = held.randomElement(using: &random) {
                list.free(slot)
                held.remove(slot)
                gone.append(slot)
            } else if let slot = list.allocate() {
                let isNew = held.insert(slot).inserted
                #expect(isNew && held.count { $0.index == slot.index } == 1)
            } else {
                #expect(held.count == 16)
            }
            let inUse = list.inUse
            let holdsGone = gone.suffix(8).contains { list.contains($0) }
            #expect(inUse == held.count)
            #expect(!holdsGone)
        }
    }
}

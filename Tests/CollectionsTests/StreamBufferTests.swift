import Collections
import TestSupport
import Testing

@Suite struct StreamBufferTests {
    private static func append(_ octets: [UInt8], to buffer: inout StreamBuffer) -> Bool {
        guard buffer.reserve(octets.count) else { return false }
        var room = buffer.writable()
        for (offset, octet) in octets.enumerated() {
            room.storeBytes(of: octet, toByteOffset: offset, as: UInt8.self)
        }
        buffer.append(written: octets.count)
        return true
    }

    private static func contents(_ buffer: borrowing StreamBuffer) -> [UInt8] {
        let span = buffer.readable()
        return (0..<span.byteCount).map { span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }

    @Test func whatGoesInComesOutInOrder() {
        var buffer = StreamBuffer(maximumCapacity: 100, keptCapacity: 0)
        let fits = Self.append([1, 2, 3], to: &buffer)
        buffer.consume(1)
        let fitsToo = Self.append([4], to: &buffer)
        let contents = Self.contents(buffer)
        let count = buffer.count
        #expect(fits && fitsToo)
        #expect(contents == [2, 3, 4])
        #expect(count == 3)
    }

    @Test func takesNoMoreThanItsBound() {
        var buffer = StreamBuffer(maximumCapacity: 4, keptCapacity: 0)
        let fits = Self.append([1, 2, 3, 4], to: &buffer)
        let isTooMuch = !Self.append([5], to: &buffer)
        buffer.consume(3)
        let fitsAgain = Self.append([5, 6, 7], to: &buffer)
        let contents = Self.contents(buffer)
        #expect(fits && isTooMuch && fitsAgain)
        #expect(contents == [4, 5, 6, 7])
    }

    @Test func anEmptyOneReadsAsNothing() {
        var buffer = StreamBuffer(maximumCapacity: 8, keptCapacity: 8)
        let contents = Self.contents(buffer)
        let fits = buffer.reserve(0)
        buffer.consume(0)
        let isEmpty = buffer.isEmpty
        let room = buffer.room
        #expect(contents == [] && fits && isEmpty && room == 8)
    }

    @Test(arguments: [0, 512, 4096] as [Int])
    func doesWhatAnArrayDoes(keptCapacity: Int) {
        var random = SplitMix64(seed: UInt64(keptCapacity))
        var buffer = StreamBuffer(maximumCapacity: 3000, keptCapacity: keptCapacity)
        var model: [UInt8] = []
        for _ in 0..<2000 {
            if random.below(2) == 0 {
                let octets = (0..<random.below(700)).map { _ in UInt8(random.below(256)) }
                let fits = Self.append(octets, to: &buffer)
                #expect(fits == (model.count + octets.count <= 3000))
                if fits { model += octets }
            } else {
                let count = random.below(4) == 0 ? model.count : random.below(model.count + 1)
                buffer.consume(count)
                model.removeFirst(count)
            }
            let contents = Self.contents(buffer)
            let room = buffer.room
            guard contents == model, room == 3000 - model.count else {
                Issue.record("the buffer holds other octets than the array")
                return
            }
        }
    }
}

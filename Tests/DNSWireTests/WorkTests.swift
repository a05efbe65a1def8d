import DNSWire
import Glibc
import Testing

/// Holds that the work for a message grows no faster than the message (CVE-2024-8508).
@Suite struct WorkTests {
    /// A message of `byteCount` octets whose records each take the longest walk that is allowed.
    private func pointers(byteCount: Int) -> [UInt8] {
        var answers: [[UInt8]] = []
        var offset = MessageBytes().bytes.count
        // The first record holds labels that are each continued by a pointer, as many as are
        // followed.
        var chain: [UInt8] = []
        var last = 12 + 4
        for index in 0..<126 {
            let start = offset + 12 + chain.count
            chain += [1, 1] + pointer(index == 0 ? 24 : last)
            last = start
        }
        answers.append(record(type: 16, data: chain))
        offset += record(type: 16, data: chain).count
        while offset < byteCount - 18 {
            let walk = record(
                pointer(last), type: 26, data: [0, 0] + pointer(last) + pointer(last))
            answers.append(walk)
            offset += walk.count
        }
        var message = MessageBytes.answer()
        message.answers = answers
        return message.bytes
    }

    /// The least time of this thread that `body` takes, whatever else the machine does.
    private func time(_ body: () -> Bool) -> Duration {
        var shortest = Duration.seconds(60)
        for _ in 0..<5 {
            let start = threadTime
            let isGood = body()
            shortest = min(shortest, threadTime - start)
            #expect(isGood)
        }
        return shortest
    }

    private var threadTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    @Test func pointersCostNoMoreThanTheirOctets() {
        func time(_ byteCount: Int) -> Duration {
            let message = pointers(byteCount: byteCount)
            return self.time { (try? response(message).get()) != nil }
        }
        let small = time(16_384)
        let large = time(65_535)
        // Four times the octets; sixteen times the work would be quadratic.
        #expect(large < small * 10, "\(small) and \(large)")
    }

    /// Chains of pointers alone, the dearest of which would take 8,000 steps for each record.
    @Test func chainsAreCutShort() {
        var message = MessageBytes.answer().bytes
        message[6] = 0xff
        var chain: [UInt8] = []
        for index in 0..<6000 { chain += pointer(index == 0 ? 24 : 41 + 2 * (index - 1)) }
        message += record(type: 16, data: chain)
        while message.count < 65_000 { message += record(pointer(41 + 2 * 5999)) }
        #expect(response(message) == .failure(.malformed(.badPointer)))
    }

    @Test func manyOptionsCostNoMoreThanTheirOctets() {
        func time(_ count: Int) -> Duration {
            let options = (0..<count).flatMap { _ in option(65_001) }
            let query = MessageBytes(additionals: [opt(options: options)]).bytes
            return self.time {
                if case .accept = verdict(query) { true } else { false }
            }
        }
        let small = time(4000)
        let large = time(16_000)
        #expect(large < small * 10, "\(small) and \(large)")
    }
}

import CLinux
import LinuxIO
import Testing

@Suite struct EpollTests {
    private let readable = UInt32(EPOLLIN.rawValue)

    @Test func tellsWhatIsReadyAndForHowLong() throws {
        let pair = try StreamPair()
        var epoll = try Epoll()
        try epoll.add(pair.first.raw, events: readable, data: 0xfedc_ba98_7654_3210)
        var count = try epoll.wait(milliseconds: 0)
        #expect(count == 0)
        _ = try pair.second.sendBytes([1])
        for _ in 0..<2 {
            count = try epoll.wait(milliseconds: 5000)
            #expect(count == 1)
            let event = epoll.event(0)
            #expect(event.events == readable && event.data == 0xfedc_ba98_7654_3210)
        }
        try epoll.remove(pair.first.raw)
        count = try epoll.wait(milliseconds: 0)
        #expect(count == 0)
    }

    @Test func saysWhyItCannotWatch() throws {
        let epoll = try Epoll()
        let pair = try StreamPair()
        var error: Errno?
        do throws(Errno) {
            try epoll.modify(pair.first.raw, events: readable, data: 0)
        } catch let thrown {
            error = thrown
        }
        #expect(error == .noSuchFile)
    }
}

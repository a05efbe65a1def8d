import Glibc
import LinuxIO
import Testing

@Suite struct ClockTests {
    @Test func aProgramWasMadeBeforeItRuns() {
        let made = Clock.buildTimeSeconds()
        #expect(made > 1_700_000_000)
        #expect(made <= Clock.realTimeSeconds())
    }

    @Test func monotonicTimeDoesNotGoBack() {
        let first = Clock.monotonic()
        let second = Clock.monotonic()
        #expect(first <= second)
        #expect(first.microseconds > 0)
    }

    @Test func bootTimeIsNotBehindMonotonicTime() {
        let monotonic = Clock.monotonic()
        #expect(Clock.bootTime() >= monotonic)
    }

    @Test func realTimeIsTheSystemsTime() {
        let before = time(nil)
        let read = Clock.realTimeSeconds()
        #expect(read >= Int64(before) - 1 && read <= Int64(time(nil)))
        let microseconds = Clock.realTimeMicroseconds()
        #expect(microseconds / 1_000_000 >= UInt64(before) - 1)
        #expect(microseconds / 1_000_000 <= UInt64(time(nil)))
    }
}

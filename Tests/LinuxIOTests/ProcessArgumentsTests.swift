import LinuxIO
import Testing

@Suite struct ProcessArgumentsTests {
    @Test func areThoseOfTheProcess() {
        #expect(!ProcessArguments.all.isEmpty)
        #expect(ProcessArguments.all == CommandLine.arguments)
    }
}

import Glibc
import LinuxIO
import Testing

@Suite struct HostNameTests {
    @Test func isWhatUnameSays() {
        var names = utsname()
        #expect(uname(&names) == 0)
        let name = withUnsafeBytes(of: &names.nodename) { octets in
            String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
        }
        #expect(HostName.current == name)
        #expect(!name.isEmpty)
    }
}

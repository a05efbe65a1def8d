import Glibc
import LinuxIO
import NetAddress
import Testing

@Suite struct ServiceManagerTests {
    @Test func knowsTheWatchdog() async {
        await #expect(processExitsWith: .exitCode(40)) {
            unsetenv("WATCHDOG_USEC")
            guard ServiceManager.watchdogInterval() == nil else { exit(41) }
            setenv("WATCHDOG_USEC", "20000000", 1)
            setenv("WATCHDOG_PID", "\(getpid())", 1)
            exit(ServiceManager.watchdogInterval() == .seconds(20) ? 40 : 42)
        }
    }

    @Test func notifiesWhoeverAskedForIt() async {
        await #expect(processExitsWith: .exitCode(40)) {
            // An abstract Unix address: a zero octet, here written as "@", and a name.
            let name = "dotproxy-notify-\(getpid())"
            let fd = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { path in
                UnsafeMutableRawBufferPointer(rebasing: path.dropFirst()).copyBytes(
                    from: Array(name.utf8))
            }
            let length = socklen_t(3 + name.utf8.count)
            let result = withUnsafeBytes(of: &address) { bytes in
                bind(fd, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
            }
            guard result == 0 else { exit(41) }
            unsetenv("NOTIFY_SOCKET")
            ServiceManager.notify("READY=1")
            setenv("NOTIFY_SOCKET", "@\(name)", 1)
            ServiceManager.notify("STATUS=two words")
            guard awaitReady(fd) else { exit(42) }
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = recv(fd, &bytes, 256, 0)
            guard count > 0 else { exit(43) }
            exit(String(decoding: bytes[..<count], as: UTF8.self) == "STATUS=two words" ? 40 : 44)
        }
    }
}

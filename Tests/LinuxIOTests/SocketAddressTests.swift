import Glibc
import NetAddress
import Testing

@testable import LinuxIO

@Suite struct SocketAddressTests {
    @Test func isLaidOutAsTheKernelWantsIt() {
        #expect(MemoryLayout<SocketAddress>.size == 32)
        #expect(MemoryLayout<sockaddr_in6>.size == 28)
        #expect(MemoryLayout<SocketAddress>.offset(of: \.family) == 0)
        #expect(
            MemoryLayout<SocketAddress>.offset(of: \.networkPort)
                == MemoryLayout<sockaddr_in6>.offset(of: \.sin6_port))
        #expect(
            MemoryLayout<SocketAddress>.offset(of: \.networkWord)
                == MemoryLayout<sockaddr_in>.offset(of: \.sin_addr))
        #expect(
            MemoryLayout<SocketAddress>.offset(of: \.networkHigh)
                == MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr))
        #expect(
            MemoryLayout<SocketAddress>.offset(of: \.scope)
                == MemoryLayout<sockaddr_in6>.offset(of: \.sin6_scope_id))
        #expect(MemoryLayout<SocketAddress>.offset(of: \.length) == 28)
        #expect(CInt(SocketAddress.inet) == AF_INET)
        #expect(CInt(SocketAddress.inet6) == AF_INET6)
    }

    @Test(arguments: [
        "192.0.2.1:53", "255.255.255.255:65535", "[2001:db8::1]:853", "[fe80::1%3]:5353",
        "[::ffff:192.0.2.1]:53",
    ])
    func comesBackAsTheEndpoint(text: String) throws {
        let wanted = try endpoint(text)
        #expect(SocketAddress(wanted).endpoint == wanted)
    }

    @Test func isReadByTheCLibraryAsTheSameAddress() throws {
        let read = SocketAddress(try endpoint("[2001:db8::5:6]:853")).withSocketAddress {
            address, length in
            var host = [CChar](repeating: 0, count: 64)
            var service = [CChar](repeating: 0, count: 16)
            let result = getnameinfo(
                address, length, &host, socklen_t(host.count), &service,
                socklen_t(service.count), NI_NUMERICHOST | NI_NUMERICSERV)
            return result == 0 ? text(host) + " " + text(service) : "error \(result)"
        }
        #expect(read == "2001:db8::5:6 853")
    }

    private func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    @Test func noAddressIsNoEndpoint() {
        #expect(SocketAddress().endpoint == nil)
    }
}

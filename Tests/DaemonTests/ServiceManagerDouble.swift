import Glibc
import LinuxIO
import Synchronization
import TestServers

/// What systemd is to a service: somebody to notify, who keeps descriptors.
final class ServiceManagerDouble: Sendable {
    /// One message.
    struct Notice {
        let text: String
        /// The descriptor that came with it; whoever has the notice closes it.
        let descriptor: CInt?
    }

    /// For `NOTIFY_SOCKET`: a name of no file.
    let address: String
    private let socket: CInt

    private static let number = Atomic<Int>(0)

    init() throws {
        let count = Self.number.add(1, ordering: .relaxed).newValue
        let name = "dotproxy-manager-\(getpid())-\(count)"
        address = "@\(name)"
        socket = Glibc.socket(
            AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var place = sockaddr_un()
        place.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &place.sun_path) { path in
            UnsafeMutableRawBufferPointer(rebasing: path.dropFirst()).copyBytes(
                from: Array(name.utf8))
        }
        let length = socklen_t(3 + name.utf8.count)
        let result = withUnsafeBytes(of: &place) { bytes in
            bind(socket, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
        }
        guard result == 0 else { throw Errno(errno) }
    }

    deinit { close(socket) }

    /// The next notice with `text` in it; `nil` when none comes in ten seconds.
    func wait(for text: String) -> Notice? {
        while let notice = next() {
            if notice.text.contains(text) { return notice }
            if let descriptor = notice.descriptor { close(descriptor) }
        }
        return nil
    }

    private func next() -> Notice? {
        var state = pollfd(fd: socket, events: CShort(POLLIN), revents: 0)
        guard poll(&state, 1, 10_000) == 1 else { return nil }
        var text = [UInt8](repeating: 0, count: 4096)
        // A header of 16 octets, and a number behind it when a descriptor came along.
        var control = [Int](repeating: 0, count: 8)
        let (count, controlLength) = text.withUnsafeMutableBytes { text in
            control.withUnsafeMutableBytes { control in
                var part = iovec(iov_base: text.baseAddress, iov_len: text.count)
                return withUnsafeMutablePointer(to: &part) { part in
                    var header = msghdr()
                    header.msg_iov = part
                    header.msg_iovlen = 1
                    header.msg_control = control.baseAddress
                    header.msg_controllen = control.count
                    return (recvmsg(socket, &header, 0), header.msg_controllen)
                }
            }
        }
        guard count >= 0 else { return nil }
        let descriptor = controlLength >= 20 ? CInt(truncatingIfNeeded: control[2]) : nil
        return Notice(
            text: String(decoding: text[..<count], as: UTF8.self), descriptor: descriptor)
    }
}

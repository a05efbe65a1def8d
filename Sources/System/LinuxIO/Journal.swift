internal import CLinux
internal import Glibc

/// The systemd journal.
public enum Journal {
    /// Most fields in one entry; the rest are left out.
    public static let maximumFields = 64

    /// Whether standard error goes to the journal, so that entries with fields belong there too.
    ///
    /// The service manager writes into the environment which stream it connected; when standard
    /// error has been redirected since, it is another one (systemd.exec(5), `JOURNAL_STREAM`).
    public static let isConnected: Bool = {
        guard let value = unsafe getenv("JOURNAL_STREAM") else { return false }
        return unsafe isStream(String(cString: value), of: STDERR_FILENO)
    }()

    /// Writes one entry of `NAME=value` fields; whether the journal took it.
    ///
    /// A name is of capitals, digits and underscores; line breaks in values become spaces. Never
    /// waits, which `sd_journal_sendv` would for a journal that has stopped reading: this speaks
    /// the same protocol (systemd's JOURNAL_NATIVE_PROTOCOL), and an entry that finds no room is
    /// lost.
    @discardableResult
    public static func send(fields: [String]) -> Bool {
        send(fields: fields, to: "/run/systemd/journal/socket")
    }

    static func send(fields: [String], to path: String) -> Bool {
        let kept = fields.prefix(maximumFields)
        guard !kept.isEmpty, kept.allSatisfy(isField) else { return false }
        var datagram: [UInt8] = []
        for field in kept {
            datagram += field.utf8.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
            datagram.append(UInt8(ascii: "\n"))
        }
        return send(datagram, to: path)
    }

    private static func isField(_ field: String) -> Bool {
        guard let end = field.utf8.firstIndex(of: UInt8(ascii: "=")) else { return false }
        let name = field.utf8[..<end]
        return !name.isEmpty
            && name.allSatisfy { octet in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
                    || octet == UInt8(ascii: "_")
            }
    }

    @inline(never)
    private static func send(_ datagram: [UInt8], to path: String) -> Bool {
        let flags = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        let number = Glibc.socket(AF_UNIX, flags, 0)
        guard number >= 0 else { return false }
        let descriptor = FileDescriptor(owning: number)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let octets = Array(path.utf8)
        guard octets.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: octets) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let sent = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe sendto(
                    descriptor.raw, datagram, datagram.count,
                    CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL), generic, length)
            }
        }
        return sent == datagram.count
    }

    /// Whether `text`, a device and an inode number, names what a descriptor is open on.
    static func isStream(_ text: String, of fd: CInt) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let device = UInt64(parts[0]), let inode = UInt64(parts[1]) else {
            return false
        }
        var status = stat()
        return unsafe fstat(fd, &status) == 0 && status.st_dev == device && status.st_ino == inode
    }
}

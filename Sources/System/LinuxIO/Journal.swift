internal import CLinux
internal import CSystemd
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
    /// A value may have several lines. A name is of capitals, digits and underscores.
    @discardableResult
    public static func send(fields: [String]) -> Bool {
        let kept = fields.prefix(maximumFields)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(kept.reduce(0) { $0 + $1.utf8.count })
        for field in kept { bytes += field.utf8 }
        return unsafe bytes.withUnsafeMutableBytes { buffer in
            var vectors = unsafe [iovec]()
            var offset = 0
            for field in kept {
                let part = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: buffer[offset..<(offset + field.utf8.count)])
                unsafe vectors.append(iovec(iov_base: part.baseAddress, iov_len: part.count))
                offset += part.count
            }
            return unsafe sd_journal_sendv(vectors, CInt(vectors.count)) == 0
        }
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

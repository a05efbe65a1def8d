import Glibc

/// A folder under `/tmp` that goes, with the files written through it, when its owner does.
///
/// Owners that live as long as the process (a suite's static authority) are never released; the
/// folders that are left then go at exit.
public final class TemporaryFolder: Sendable {
    public let path: String

    /// The folders there are, and the names of the files in each.
    private static let contents: Guarded<[String: Set<String>]> = {
        atexit {
            for path in TemporaryFolder.contents.withLock({ Array($0.keys) }) {
                TemporaryFolder.remove(path)
            }
        }
        return Guarded([:])
    }()

    public init() throws(SystemError) {
        var template = Array("/tmp/dotproxy-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(call: "mkdtemp", code: errno) }
        let path = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.path = path
        Self.contents.withLock { $0[path] = [] }
    }

    deinit { Self.remove(path) }

    /// Writes a file readable by everyone and returns its path.
    @discardableResult
    public func write(_ bytes: [UInt8], as name: String) throws(SystemError) -> String {
        let file = path + "/" + name
        let fd = try SystemError.check(
            open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644), "open \(file)")
        defer { close(fd) }
        Self.contents.withLock { _ = $0[path]?.insert(name) }
        var offset = 0
        while offset < bytes.count {
            offset += try SystemError.check(
                bytes[offset...].withUnsafeBytes { Glibc.write(fd, $0.baseAddress, $0.count) },
                "write \(file)")
        }
        return file
    }

    private static func remove(_ path: String) {
        guard let names = contents.withLock({ $0.removeValue(forKey: path) }) else { return }
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }
}

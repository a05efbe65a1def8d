import Glibc

/// A folder under `/tmp` that goes, with the files written through it, when its owner does.
public final class TemporaryFolder: Sendable {
    public let path: String
    private let names = Guarded<Set<String>>([])

    public init() throws(SystemError) {
        var template = Array("/tmp/dotproxy-tests-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(call: "mkdtemp", code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Writes a file readable by everyone and returns its path.
    @discardableResult
    public func write(_ bytes: [UInt8], as name: String) throws(SystemError) -> String {
        let file = path + "/" + name
        let fd = try SystemError.check(
            open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644), "open \(file)")
        defer { close(fd) }
        names.withLock { _ = $0.insert(name) }
        var offset = 0
        while offset < bytes.count {
            offset += try SystemError.check(
                bytes[offset...].withUnsafeBytes { Glibc.write(fd, $0.baseAddress, $0.count) },
                "write \(file)")
        }
        return file
    }

    deinit {
        for name in names.withLock({ $0 }) { unlink(path + "/" + name) }
        rmdir(path)
    }
}

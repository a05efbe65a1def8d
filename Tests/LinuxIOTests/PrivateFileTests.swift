import Glibc
import Testing

@testable import LinuxIO

@Suite final class PrivateFileTests {
    private let folder: String
    private var path: String { folder + "/kept" }

    init() throws {
        var template = Array("/tmp/dotproxy-private-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(errno) }
        folder = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in ["kept", "kept.new", "link", "pipe"] { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    private func replace(by octets: [UInt8]) throws {
        try PrivateFile.replace(path: path) { file throws(Errno) in
            try file.writeAll(octets.span.bytes)
        }
    }

    @Test func isReplacedAsAWhole() throws {
        try replace(by: [1, 2, 3])
        try replace(by: [4])
        #expect(try readFile(path: path, limit: 10) == [4])
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(throws: Errno.permissionDenied) {
            try PrivateFile.replace(path: self.path) { _ throws(Errno) in
                throw .permissionDenied
            }
        }
        #expect(try readFile(path: path, limit: 10) == [4])
        #expect(access(path + ".new", F_OK) == -1)
        _ = try PrivateFile.open(path: path)
        PrivateFile.remove(path: path)
        #expect(throws: Errno.noSuchFile) { _ = try PrivateFile.open(path: self.path) }
    }

    @Test func isNotWrittenThroughALink() throws {
        #expect(symlink("\(folder)/link", path + ".new") == 0)
        try replace(by: [1])
        #expect(access("\(folder)/link", F_OK) == -1)
        #expect(try readFile(path: path, limit: 10) == [1])
    }

    @Test func whatOthersCouldHaveMadeIsNotOpened() throws {
        try replace(by: [1])
        #expect(symlink(path, "\(folder)/link") == 0)
        #expect(throws: Errno(ELOOP)) { _ = try PrivateFile.open(path: "\(self.folder)/link") }
        #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
        #expect(throws: Errno.notPermitted) {
            _ = try PrivateFile.open(path: "\(self.folder)/pipe")
        }
        #expect(throws: Errno.notPermitted) { _ = try PrivateFile.open(path: self.folder) }
        #expect(chmod(path, 0o640) == 0)
        #expect(throws: Errno.notPermitted) { _ = try PrivateFile.open(path: self.path) }
    }
}

import Glibc
import LinuxIO
import Testing

@Suite final class FilesTests {
    private let folder: String

    init() throws {
        var template = Array("/tmp/dotproxy-files-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(errno) }
        folder = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in (try? listDirectory(path: folder, suffix: "")) ?? [] {
            unlink("\(folder)/\(name)")
        }
        unlink("\(folder)/.hidden.conf")
        rmdir(folder)
    }

    private func make(_ name: String, _ contents: [UInt8] = []) throws -> String {
        let path = "\(folder)/\(name)"
        let fd = open(path, O_CREAT | O_WRONLY, 0o600)
        guard fd >= 0, write(fd, contents, contents.count) == contents.count else {
            throw Errno(errno)
        }
        close(fd)
        return path
    }

    @Test(arguments: [0, 1, 4095, 4096, 4097, 4098, 20_000])
    func readsAWholeFile(size: Int) throws {
        let contents = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let path = try make("file", contents)
        #expect(try readFile(path: path, limit: 1 << 20) == contents)
        #expect(try readFile(path: path, limit: size) == contents)
        if size > 0 {
            #expect(throws: Errno.fileTooLarge) { try readFile(path: path, limit: size - 1) }
        }
    }

    @Test func doesNotReadAnEndlessFile() {
        #expect(throws: Errno.fileTooLarge) { try readFile(path: "/dev/zero", limit: 100_000) }
    }

    @Test func saysWhyItCannotRead() {
        #expect(throws: Errno.noSuchFile) { try readFile(path: "\(folder)/none", limit: 10) }
        #expect(throws: Errno(EISDIR)) { try readFile(path: folder, limit: 10) }
        #expect(throws: Errno.noSuchFile) {
            try listDirectory(path: "\(folder)/none", suffix: ".conf")
        }
    }

    @Test func listsInOrderWhatEndsInTheSuffix() throws {
        for name in ["20-b.conf", "10-z.conf", "readme", "30.conf.dpkg-old", ".hidden.conf"] {
            _ = try make(name)
        }
        #expect(try listDirectory(path: folder, suffix: ".conf") == ["10-z.conf", "20-b.conf"])
    }
}

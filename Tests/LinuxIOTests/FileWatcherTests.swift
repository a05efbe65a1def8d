import Glibc
import LinuxIO
import Testing

@Suite final class FileWatcherTests {
    private let folder: String
    private var path: String { "\(folder)/file" }

    init() throws {
        var template = Array("/tmp/dotproxy-watch-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(errno) }
        folder = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for name in (try? listDirectory(path: folder, suffix: "")) ?? [] {
            unlink("\(folder)/\(name)")
        }
        rmdir(folder)
    }

    private func write(_ text: String, to path: String) throws {
        let fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        guard fd >= 0, Glibc.write(fd, text, text.utf8.count) == text.utf8.count else {
            throw Errno(errno)
        }
        close(fd)
    }

    /// Whether something is told within five seconds.
    private func isTold(_ watcher: borrowing FileWatcher) -> Bool {
        var entry = pollfd(fd: watcher.raw, events: Int16(POLLIN), revents: 0)
        guard poll(&entry, 1, 5000) == 1 else { return false }
        return watcher.drain()
    }

    @Test func tellsOfEveryWayToChangeAFile() throws {
        let watcher = try FileWatcher()
        try watcher.watch(path)
        let quiet = watcher.drain()
        #expect(!quiet)
        try write("one", to: path)
        let created = isTold(watcher)
        #expect(created)
        try write("two", to: path)
        let written = isTold(watcher)
        #expect(written)
        try write("three", to: "\(folder)/other")
        _ = isTold(watcher)
        rename("\(folder)/other", path)
        let replaced = isTold(watcher)
        #expect(replaced)
        unlink(path)
        let removed = isTold(watcher)
        #expect(removed)
    }

    @Test func tellsOfTheTargetOfALink() throws {
        let elsewhere = "/tmp/dotproxy-target-\(getpid())"
        try write("one", to: elsewhere)
        defer { unlink(elsewhere) }
        symlink(elsewhere, path)
        let watcher = try FileWatcher()
        try watcher.watch(path)
        try write("two", to: elsewhere)
        let written = isTold(watcher)
        #expect(written)
    }

    @Test func aFolderMustBeThere() throws {
        let watcher = try FileWatcher()
        #expect(throws: Errno.noSuchFile) { try watcher.watch("\(folder)/none/file") }
    }

    @Test func signaturesTellFilesApart() throws {
        #expect(FileSignature(path: path) == nil)
        try write("one", to: path)
        let first = try #require(FileSignature(path: path))
        #expect(FileSignature(path: path) == first)
        try write("four", to: path)
        let longer = try #require(FileSignature(path: path))
        #expect(longer != first)
        try write("four", to: "\(folder)/other")
        rename("\(folder)/other", path)
        let other = try #require(FileSignature(path: path))
        #expect(other != longer)
        let now = Int64(Clock.realTimeSeconds())
        #expect(!other.isSettled(at: now))
        #expect(other.isSettled(at: now + 10))
    }

    @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func readsAFileInPieces(size: Int) throws {
        let text = String(repeating: "x", count: size)
        try write(text, to: path)
        var read = 0
        try readFile(path: path, limit: 1 << 20, inPieces: { read += $0.count })
        #expect(read == size)
        guard size > 0 else { return }
        #expect(throws: Errno.fileTooLarge) {
            try readFile(path: path, limit: size - 1, inPieces: { _ in })
        }
    }

    @Test func doesNotWaitForAPipe() throws {
        mkfifo(path, 0o600)
        // Nobody has it open for writing, so it ends at once.
        var read = 0
        try readFile(path: path, limit: 100, inPieces: { read += $0.count })
        #expect(read == 0)
    }
}

internal import Collections
internal import DNSCache
internal import Forwarder
internal import LinuxIO
internal import NetAddress
internal import TLS

/// Hands what was learned to the next process: the answers, the tickets for TLS, and where servers
/// are that are known by name.
///
/// Through the service manager, which keeps a sealed file in memory from one process to the next,
/// or through a file of the operator's choice.
struct Handover {
    /// What the service manager knows the file in memory by.
    static let name = "dotproxy-memory"

    let cache: MessageCache
    let tickets: TicketStore
    /// Where servers are that are known by name.
    let addresses: [HostAddresses]

    /// What was kept.
    struct Summary {
        let answers: Int
        let tickets: Int
    }

    /// Writes everything to the file at `path`, or to one that the service manager keeps.
    ///
    /// `nil` when there is neither.
    func save(to path: String?, now: Instant) throws(Errno) -> Summary? {
        if let path {
            var summary: Summary?
            try PrivateFile.replace(path: path) { file throws(Errno) in
                summary = try write(to: file, now: now)
            }
            return summary
        }
        guard ServiceManager.isPresent else { return nil }
        let file = try MemoryFile.make(name: Self.name)
        let summary = try write(to: file, now: now)
        try MemoryFile.seal(file)
        return ServiceManager.store(file, name: Self.name) ? summary : nil
    }

    private func write(
        to file: borrowing FileDescriptor, now: Instant
    ) throws(Errno) -> Summary {
        let packed = HostAddresses.packed(addresses) + tickets.packed()
        let answers = try cache.writeImage(
            attachment: packed.span.octets, now: now.wholeSeconds, time: Clock.realTimeSeconds()
        ) { piece throws(Errno) in
            try file.writeAll(piece)
        }
        return Summary(answers: answers, tickets: tickets.count)
    }

    /// Opens what an earlier process has kept: `passed` if there is such a descriptor, or else
    /// the file at `path`, which is then removed; `nil` when there is neither.
    ///
    /// What is in it is of use once: a ticket that is used twice ties connections together.
    static func open(
        passed: [CInt], path: String?
    ) throws(Errno) -> FileDescriptor? {
        var newest: FileDescriptor?
        // The others are closed as they are replaced.
        for fd in passed { newest = FileDescriptor(owning: fd) }
        if newest != nil { return newest }
        guard let path else { return nil }
        do throws(Errno) {
            let file = try PrivateFile.open(path: path)
            defer { PrivateFile.remove(path: path) }
            return try MemoryFile.copy(
                file, name: name, limit: CacheImage.maximumByteCount)
        } catch {
            if error == .noSuchFile { return nil }
            throw error
        }
    }
}

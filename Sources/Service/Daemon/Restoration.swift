internal import DNSCache
internal import Forwarder
internal import LinuxIO
internal import NetAddress
internal import Policy
internal import TLS

/// What an earlier process has kept, on its way into the memory of this one, a bit at a time.
struct Restoration: ~Copyable {
    private let file: MappedFile
    private var reader: CacheImageReader
    /// Tickets that were taken.
    let tickets: Int
    /// Where servers are that are known by name.
    let addresses: [HostAddresses]

    var answers: Int { reader.restored }

    /// Why nothing is taken.
    enum Defect: Error, CustomStringConvertible {
        case system(Errno)
        case image(CacheImageDefect)
        case addresses
        case tickets

        var description: String {
            switch self {
            case .system(.notPermitted): "others could have changed it"
            case .system(let error): "it cannot be read: \(error)"
            case .image(let defect): "\(defect)"
            case .addresses: "it holds what is no address"
            case .tickets: "it holds what is no ticket"
            }
        }
    }

    /// Checks the file as a whole and takes the tickets.
    init(
        _ file: borrowing FileDescriptor, cache: MessageCache, store: TicketStore
    ) throws(Defect) {
        let mapped = try Self.map(file)
        let reader = try Self.reader(of: mapped.octets(), cache.settings)
        let attachment = mapped.octets().extracting(reader.attachment)
        guard let (known, end) = HostAddresses.unpack(attachment) else { throw .addresses }
        guard let count = store.unpack(attachment.extracting(end..<attachment.byteCount)) else {
            throw .tickets
        }
        self.reader = reader
        tickets = count
        addresses = known
        self.file = mapped
    }

    private static func map(_ file: borrowing FileDescriptor) throws(Defect) -> MappedFile {
        do throws(Errno) {
            return try MappedFile(file, limit: CacheImage.maximumByteCount)
        } catch {
            throw .system(error)
        }
    }

    private static func reader(
        of image: RawSpan, _ settings: CacheSettings
    ) throws(Defect) -> CacheImageReader {
        do throws(CacheImageDefect) {
            return try CacheImageReader(
                image, settings: settings, time: Clock.realTimeSeconds())
        } catch {
            throw .image(error)
        }
    }

    /// Reads answers until a time on the clock; whether that was all.
    ///
    /// What would not be let in under `rules` is left out: they may have changed.
    mutating func proceed(
        into cache: MessageCache, under rules: PolicyRules, until end: Instant
    ) throws(CacheImageDefect) -> Bool {
        let file = file
        repeat {
            let now = Clock.bootTime()
            let isAll = try reader.read(
                file.octets(), into: cache, now: now.wholeSeconds,
                atMost: DaemonLimits.restorationBatch
            ) { message, response, route in
                !rules.refuses(response, of: message, isPublic: route == 0)
            }
            if isAll { return true }
        } while Clock.monotonic() < end
        return false
    }
}

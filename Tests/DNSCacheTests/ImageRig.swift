import DNSWire
import NetAddress
import TestSupport

@testable import DNSCache

/// A cache that is filled with answers, and written to images and read from them.
struct ImageRig {
    let cache: MessageCache

    /// Seconds since 1970 at second zero of the cache's clock.
    static let epoch: Int64 = 1_800_000_000

    init(_ settings: CacheSettings = CacheSettings(byteCount: 1 << 20), secret: UInt64 = 1) {
        cache = MessageCache(settings: settings, hash: KeyedHash(secret, secret &* 3))
    }

    /// What is asked, as a key needs it.
    struct Asked {
        var name: String
        var type: UInt16 = 1
        var dnssecOK = false
        var checkingDisabled = false

        var question: [UInt8] {
            DomainName.wire(name) + [UInt8(type >> 8), UInt8(truncatingIfNeeded: type), 0, 1]
        }
    }

    /// Keeps an answer as a worker does.
    func keep(_ message: MessageBuilder, for asked: Asked, now: UInt32) throws {
        var writer = CacheWriter(cache)
        let question = asked.question
        let response = try Response(
            message.bytes.span.bytes, answering: question.span.bytes)
        writer.store(
            response, of: message.bytes.span.bytes, question: question.span.bytes,
            key: key(asked), now: now, time: UInt32(Self.epoch) + now)
    }

    /// Keeps an address record.
    func keep(_ name: String, address: UInt32 = 1, ttl: UInt32 = 300, now: UInt32 = 0) throws {
        try keep(Self.answer(name, address: address, ttl: ttl), for: Asked(name: name), now: now)
    }

    static func answer(_ name: String, address: UInt32, ttl: UInt32 = 300) -> MessageBuilder {
        var message = MessageBuilder.query(name, flags: 0x8180)
        message.addRecord(
            type: 1, ttl: ttl,
            data: [10, UInt8(address >> 16 & 255), UInt8(address >> 8 & 255), UInt8(address & 255)])
        return message
    }

    func key(_ asked: Asked) -> CacheKey {
        cache.hash.key(
            asked.question.span.bytes, dnssecOK: asked.dnssecOK,
            checkingDisabled: asked.checkingDisabled)
    }

    /// The answer as a client would get it, `nil` when there is no fresh one.
    func ask(_ asked: Asked, now: UInt32) -> [UInt8]? {
        var target = [UInt8](repeating: 0, count: 65_535)
        let reply = Reply(
            id: 7, flags: [.recursionDesired], hasEDNS: true,
            dnssecOK: asked.dnssecOK, sizeLimit: 65_535, payloadSize: 1232, keepalive: nil)
        let question = asked.question
        var span = target.mutableSpan
        var bytes = span.mutableBytes
        let found = cache.answer(
            key(asked), question: question.span.bytes, spelled: question.span.bytes, as: reply,
            now: now, into: &bytes)
        guard case .hit(let length, _) = found else { return nil }
        return Array(target[..<length])
    }

    func ask(_ name: String, now: UInt32) -> [UInt8]? {
        ask(Asked(name: name), now: now)
    }

    /// The cache as an image.
    func image(attachment: [UInt8] = [], now: UInt32 = 0) -> [UInt8] {
        var image: [UInt8] = []
        _ = cache.writeImage(
            attachment: attachment.span.bytes, now: now, time: Self.epoch + Int64(now)
        ) { piece in
            for index in 0..<piece.byteCount { image.append(piece.octet(at: index)) }
        }
        return image
    }

    /// What became of reading an image.
    struct Outcome: Equatable {
        var count = 0
        var restored = 0
        var attachment: [UInt8] = []
        var defect: CacheImageDefect?
    }

    /// Reads an image so many seconds after second zero, which is `now` by the cache's clock.
    func read(
        _ image: [UInt8], after seconds: Int64 = 0, now: UInt32 = 0, batch: Int = .max
    ) -> Outcome {
        var outcome = Outcome()
        do throws(CacheImageDefect) {
            let octets = image.span.bytes
            var reader = try CacheImageReader(
                octets, settings: cache.settings, time: Self.epoch + seconds)
            outcome.count = reader.count
            outcome.attachment = Array(image[reader.attachment])
            while try !reader.read(
                octets, into: cache, now: now, atMost: batch, where: { _, _, _ in true })
            {}
            outcome.restored = reader.restored
        } catch {
            outcome.defect = error
        }
        return outcome
    }

    /// The image with the checksum that it ought to have.
    static func resealed(_ image: [UInt8]) -> [UInt8] {
        guard image.count >= 8 else { return image }
        let body = Array(image.dropLast(8))
        let sum = CacheImage.checksum(body.span.bytes)
        return body + (0..<8).map { UInt8(truncatingIfNeeded: sum >> (56 - 8 * $0)) }
    }
}

internal import CFuzzer
internal import DNSCache

/// Holds that an image never does harm, and that what was read from one is written to one that can
/// be read again.
///
/// The input is an image without its checksum, which would keep the fuzzer out.
@c public func LLVMFuzzerTestOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let body = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    let sum = unsafe CacheImage.checksum(body.span.bytes)
    let image = body + (0..<8).map { UInt8(truncatingIfNeeded: sum >> (56 - 8 * $0)) }
    let cache = makeCache()
    guard let count = read(image, into: cache) else { return 0 }
    precondition(cache.statistics.entries <= count, "more than there was")
    var copy: [UInt8] = []
    let written = cache.writeImage(attachment: RawSpan(), now: 0, time: time) { piece in
        for index in 0..<piece.byteCount {
            // Any bit pattern is a UInt8; the offset is checked by the call.
            copy.append(unsafe piece.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
    }
    precondition(read(copy, into: makeCache()) == written, "not to be read again")
    return 0
}

/// A time after those in the corpus.
private let time: Int64 = 1_800_000_100

private func makeCache() -> MessageCache {
    MessageCache(settings: CacheSettings(byteCount: 1 << 18), hash: KeyedHash(1, 3))
}

/// Reads an image; the number of entries that it says it has, `nil` when it is dropped.
private func read(_ image: [UInt8], into cache: MessageCache) -> Int? {
    let octets = unsafe image.span.bytes
    guard var reader = try? CacheImageReader(octets, settings: cache.settings, time: time) else {
        return nil
    }
    do {
        while try !reader.read(
            octets, into: cache, now: 0, atMost: 16, where: { _, _, _ in true })
        {}
    } catch {
        return nil
    }
    return reader.count
}

@main enum FuzzImage {
    static func main() {
        unsafe cfuzzer_run(CommandLine.argc, CommandLine.unsafeArgv, LLVMFuzzerTestOneInput)
    }
}

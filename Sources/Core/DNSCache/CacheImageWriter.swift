internal import Collections
internal import DNSWire

/// Collects an image in pieces, so that there is never a second copy of the whole cache.
struct CacheImageWriter: ~Copyable {
    /// The size of a piece: several of the largest entries.
    private static let pieceSize = 512 * 1024

    private var piece = ByteSlab(uninitializedByteCount: Self.pieceSize)
    private var used = 0
    private var byteCount = 0
    private var checksum = ImageChecksum()
    private(set) var count = 0

    /// Begins an image with its header and the attachment.
    mutating func begin<Failure: Error>(
        _ attachment: RawSpan, time: Int64, emit: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        try take(CacheImage.headerSize, emit) { piece, start in
            piece.setUInt32(CacheImage.magic.0, at: start)
            piece.setUInt32(CacheImage.magic.1, at: start + 4)
            piece.setUInt32(CacheImage.version, at: start + 8)
            piece.setUInt32(UInt32(attachment.byteCount), at: start + 12)
            piece.setUInt32(UInt32(truncatingIfNeeded: time >> 32), at: start + 16)
            piece.setUInt32(UInt32(truncatingIfNeeded: time), at: start + 20)
        }
        var offset = 0
        while offset < attachment.byteCount {
            let end = min(offset + Self.pieceSize, attachment.byteCount)
            try take(CacheImage.padded(end - offset), emit) { piece, start in
                piece.copy(attachment, offset..<end, to: start)
            }
            offset = end
        }
    }

    /// Adds an entry, unless the image would become too long.
    mutating func append<Failure: Error>(
        _ entry: EntryLayout, _ memory: RawSpan, isMain: Bool, age: UInt32,
        emit: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        let header = entry.header(memory)
        let question = entry.question(header)
        let parts = entry.parts(header)
        let records = parts.records
        let error = parts.extendedError
        let message = Header.byteCount + question.count + records.count
        let size = CacheImage.padded(CacheImage.entryHeaderSize + message + error.count)
        guard byteCount + size + CacheImage.trailerSize <= CacheImage.maximumByteCount else {
            return
        }
        count += 1
        try take(size, emit) { piece, start in
            typealias Field = CacheImage.Field
            piece.setUInt16(UInt16(size / CacheImage.alignment), at: start)
            piece.setOctet(header.bits, at: start + Field.bits)
            piece.setOctet(header.route, at: start + Field.route)
            piece.setOctet(isMain ? 1 : 0, at: start + Field.isMain)
            piece.setOctet(header.frequency, at: start + Field.frequency)
            piece.setUInt16(UInt16(error.count), at: start + Field.errorLength)
            piece.setUInt32(age, at: start + Field.age)
            piece.setUInt32(UInt32(message), at: start + Field.messageLength)
            let place = start + CacheImage.entryHeaderSize
            Self.writeHeader(header.outline, to: &piece, at: place)
            var offset = place + Header.byteCount
            for part in [question, records, error] {
                piece.copy(memory, part, to: offset)
                offset += part.count
            }
        }
    }

    /// Ends the image.
    mutating func finish<Failure: Error>(
        emit: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        let count = count
        try take(CacheImage.trailerSize / 2, emit) { piece, start in
            piece.setUInt32(UInt32(count), at: start + 4)
        }
        try emitPiece(emit)
        let sum = checksum.value
        try take(CacheImage.trailerSize / 2, emit) { piece, start in
            piece.setUInt32(UInt32(sum >> 32), at: start)
            piece.setUInt32(UInt32(truncatingIfNeeded: sum), at: start + 4)
        }
        try emitPiece(emit)
    }

    private static func writeHeader(
        _ outline: AnswerOutline, to piece: inout MutableRawSpan, at place: Int
    ) {
        piece.setUInt16(outline.flags.with(outline.code).rawValue, at: place + 2)
        piece.setUInt16(1, at: place + 4)
        piece.setUInt16(outline.answerCount, at: place + 6)
        piece.setUInt16(outline.authorityCount, at: place + 8)
        piece.setUInt16(outline.additionalCount, at: place + 10)
    }

    /// Has `size` octets filled in, zeros at first; emits the piece when they do not fit.
    private mutating func take<Failure: Error>(
        _ size: Int, _ emit: (RawSpan) throws(Failure) -> Void,
        fill: (inout MutableRawSpan, Int) -> Void
    ) throws(Failure) {
        if used + size > Self.pieceSize {
            try emitPiece(emit)
        }
        let start = used
        used += size
        byteCount += size
        var memory = piece.mutableSpan(0)
        memory.clear(start..<(start + size))
        fill(&memory, start)
    }

    private mutating func emitPiece<Failure: Error>(
        _ emit: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        var checksum = checksum
        checksum.add(piece.span(0, length: used), 0..<used)
        self.checksum = checksum
        try emit(piece.span(0, length: used))
        used = 0
    }
}

extension MessageCache {
    /// Writes an image of all answers that are of use still, piece by piece; gives their number.
    ///
    /// Failures are left out. `now` is in seconds as everywhere, `time` in seconds since 1970.
    public func writeImage<Failure: Error>(
        attachment: RawSpan, now: UInt32, time: Int64, emit: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        var writer = CacheImageWriter()
        try writer.begin(attachment, time: time, emit: emit)
        try writeEntries(to: &writer, now: now, emit: emit)
        try writer.finish(emit: emit)
        return writer.count
    }
}

extension CacheShard {
    /// Writes all entries that may still be given, oldest first.
    func writeEntries<Failure: Error>(
        to writer: inout CacheImageWriter, staleSeconds: UInt32, now: UInt32,
        emit: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        for (ring, isMain) in [(main, true), (small, false)] {
            var walk = EntryWalk(ring)
            while let entry = walk.next(octets()) {
                guard isOfUse(entry, now: now, staleSeconds: staleSeconds) else { continue }
                let age = entry.header(octets()).age(now)
                try writer.append(entry, octets(), isMain: isMain, age: age, emit: emit)
            }
        }
    }

    /// Which names have a route may be another matter by then, and private answers are nobody
    /// else's: they end with the process.
    private func isOfUse(_ entry: EntryLayout, now: UInt32, staleSeconds: UInt32) -> Bool {
        guard entry.isLive(octets()) else { return false }
        let found = FoundEntry(entry, octets(), now: now)
        guard found.header.route == 0, found.header.state.isDisjoint(with: [.failure, .cut]) else {
            return false
        }
        return found.hasTimeLeft || found.isStale(within: staleSeconds)
    }
}

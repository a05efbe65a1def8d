import NetAddress

/// The answers of one connection on their way out: first waiting for their time, then in pieces.
struct AnswerQueue {
    /// Some octets for one TLS record.
    struct Piece {
        var bytes: [UInt8]
        var due: Instant
        /// How many answers end with it.
        var answerCount: Int
        /// Whether the connection ends after it.
        var isLast = false
    }

    private struct Waiting {
        let frames: [[UInt8]]
        let due: Instant
        let answersQuery: Bool
        let isCutShort: Bool
    }

    private var waiting: [Waiting] = []
    private var pieces: ArraySlice<Piece> = []
    /// When the last piece queued so far goes out.
    private var lastDue = Instant(microseconds: 0)

    var isEmpty: Bool { waiting.isEmpty && pieces.isEmpty }

    /// Queues frames that go out together, not before `due`.
    mutating func add(
        _ frames: [[UInt8]], due: Instant, answersQuery: Bool = true, isCutShort: Bool = false
    ) {
        let entry = Waiting(
            frames: frames, due: due, answersQuery: answersQuery, isCutShort: isCutShort)
        // In the order of their times, those of the same time in the order they came.
        let place = (waiting.lastIndex { $0.due <= due } ?? -1) + 1
        waiting.insert(entry, at: place)
    }

    /// The next time at which `next(now:_:)` may have something.
    func nextDue(_ behavior: Behavior) -> Instant? {
        let hold = behavior.reversesWithin ?? .zero
        return [waiting.first.map { $0.due + hold }, pieces.first?.due].compactMap { $0 }.min()
    }

    /// Takes the next piece whose time has come.
    mutating func next(now: Instant, _ behavior: Behavior) -> Piece? {
        release(now: now, behavior)
        guard let piece = pieces.first, piece.due <= now else { return nil }
        pieces.removeFirst()
        if pieces.isEmpty { pieces = [] }
        return piece
    }

    /// Cuts into pieces what has waited long enough.
    private mutating func release(now: Instant, _ behavior: Behavior) {
        let hold = behavior.reversesWithin ?? .zero
        guard let first = waiting.first, first.due + hold <= now else { return }
        let count = waiting.firstIndex { $0.due > now } ?? waiting.count
        var ready = Array(waiting[..<count])
        waiting.removeFirst(count)
        if behavior.reversesWithin != nil { ready.reverse() }
        if behavior.pacing == .coalesced, !ready.contains(where: \.isCutShort) {
            let bytes = ready.flatMap { $0.frames.flatMap { $0 } }
            append(bytes, now: now, answers: ready.count { $0.answersQuery }, isLast: false)
            return
        }
        for entry in ready { cut(entry, now: now, behavior.pacing) }
    }

    private mutating func cut(_ entry: Waiting, now: Instant, _ pacing: Behavior.Pacing) {
        for (position, frame) in entry.frames.enumerated() {
            let answers = entry.answersQuery && position == entry.frames.count - 1 ? 1 : 0
            if entry.isCutShort {
                let half = Array(frame[..<(frame.count / 2)])
                append(half, now: now, answers: 0, isLast: true)
                return
            }
            guard case .records(let size, let pause) = pacing, size > 0 else {
                append(frame, now: now, answers: answers, isLast: false)
                continue
            }
            for start in stride(from: 0, to: frame.count, by: size) {
                let end = min(start + size, frame.count)
                append(
                    Array(frame[start..<end]), now: now, after: pause,
                    answers: end == frame.count ? answers : 0, isLast: false)
            }
        }
    }

    private mutating func append(
        _ bytes: [UInt8], now: Instant, after pause: Interval = .zero, answers: Int, isLast: Bool
    ) {
        lastDue = max(now, lastDue + pause)
        pieces.append(Piece(bytes: bytes, due: lastDue, answerCount: answers, isLast: isLast))
    }
}

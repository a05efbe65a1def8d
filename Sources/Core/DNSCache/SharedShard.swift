internal import Synchronization

/// A shard and the lock that it is used under.
struct SharedShard: ~Copyable, Sendable {
    private let shard: Mutex<CacheShard>
    #if THREAD_SANITIZER
    // The sanitizer cannot see into `Mutex`, whose library is not instrumented. This repeats for
    // it the order that the lock makes; without it every use would be called a race.
    private let turn = Atomic<Int>(0)
    #endif

    init(byteCount: Int) {
        shard = Mutex(CacheShard(byteCount: byteCount))
    }

    borrowing func withLock<Result, Failure: Error>(
        _ body: (inout sending CacheShard) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        #if THREAD_SANITIZER
        return try shard.withLock { shard throws(Failure) in
            _ = turn.load(ordering: .acquiring)
            defer { turn.store(0, ordering: .releasing) }
            return try body(&shard)
        }
        #else
        return try shard.withLock(body)
        #endif
    }
}

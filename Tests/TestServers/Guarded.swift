import Glibc
import NetAddress

/// State behind a lock that threads can also wait on, for at most a stated time.
///
/// Every `withLock` may have changed what a waiter waits for, so each one wakes the waiters.
/// `@unchecked`: the mutex guards `state`; the pthread objects are created once and never move.
public final class Guarded<State>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    public init(_ state: State) {
        self.state = state
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        // Timed waits must not be stretched by a step of the wall clock.
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    @discardableResult
    public func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        return try body(&state)
    }

    /// Waits until `condition` holds, and says whether it did before `limit` had passed.
    public func wait(
        atMost limit: Interval, until condition: (borrowing State) -> Bool
    ) -> Bool {
        let end = (Instant.now + limit).microseconds
        var deadline = timespec(
            tv_sec: Int(end / 1_000_000), tv_nsec: Int(end % 1_000_000) * 1000)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while !condition(state) {
            if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT {
                return condition(state)
            }
        }
        return true
    }
}

extension Instant {
    /// The monotonic clock's reading.
    public static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(
            microseconds: UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000)
    }
}

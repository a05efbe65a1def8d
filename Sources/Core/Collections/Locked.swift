public import Synchronization

/// A value that threads use one at a time.
///
/// `Mutex`, and for the thread sanitizer the order that it makes: the sanitizer cannot see into the
/// library that `Mutex` is in, and would call every use a race.
public struct Locked<Value: ~Copyable>: ~Copyable, Sendable {
    @usableFromInline let mutex: Mutex<Value>
    #if THREAD_SANITIZER
    // Written before the lock is given up and read after it was taken.
    private let turn = Atomic<Int>(0)
    #endif

    /// Takes a value that nobody else can reach.
    @inlinable
    public init(_ value: consuming sending Value) {
        mutex = Mutex(value)
    }

    #if THREAD_SANITIZER
    /// Waits until nobody uses the value, and uses it.
    public borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try mutex.withLock { value throws(Failure) in
            _ = turn.load(ordering: .acquiring)
            defer { turn.store(0, ordering: .releasing) }
            return try body(&value)
        }
    }
    #else
    /// Waits until nobody uses the value, and uses it.
    @inlinable
    @inline(__always)
    public borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try mutex.withLock(body)
    }
    #endif
}

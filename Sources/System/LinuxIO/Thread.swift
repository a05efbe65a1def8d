internal import CLinux
internal import Glibc

/// A thread of the operating system that runs one closure.
///
/// Waited for with `join()`; a thread whose value is dropped runs on by itself.
public struct Thread: ~Copyable, Sendable {
    private let identifier: pthread_t

    private init(identifier: pthread_t) {
        self.identifier = identifier
    }

    deinit {
        pthread_detach(identifier)
    }

    /// Starts a thread; of the name, the kernel keeps the first 15 octets.
    ///
    /// It inherits the caller's blocked signals.
    public static func start(
        name: String, body: @escaping @Sendable () -> Void
    ) throws(Errno) -> Thread {
        // Passed on to the thread, which releases it; back to us only if there is no thread.
        let box = unsafe Unmanaged.passRetained(ThreadBody(name: name, run: body))
        var identifier = pthread_t()
        let result = unsafe pthread_create(&identifier, nil, runThread, box.toOpaque())
        guard result == 0 else {
            unsafe box.release()
            throw Errno(result)
        }
        return Thread(identifier: identifier)
    }

    /// Waits until the closure has returned.
    public consuming func join() {
        // Fails only for a thread that was joined or detached, which the type rules out.
        pthread_join(identifier, nil)
        discard self
    }
}

private final class ThreadBody: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    let body = unsafe Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
    _ = unsafe clinux_set_thread_name(String(decoding: body.name.utf8.prefix(15), as: UTF8.self))
    body.run()
    return nil
}

internal import Glibc

/// How this process takes signals.
public enum Signals {
    /// Blocks signals in the calling thread, and in the threads it starts from now on.
    public static func block(_ numbers: [CInt]) {
        var set = signalSet(numbers)
        let result = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
        precondition(result == 0)
    }

    /// Has the process ignore a signal.
    public static func ignore(_ number: CInt) {
        _ = signal(number, SIG_IGN)
    }
}

/// The set of these signals.
func signalSet(_ numbers: some Sequence<CInt>) -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers {
        let result = unsafe sigaddset(&set, number)
        precondition(result == 0, "no such signal")
    }
    return set
}

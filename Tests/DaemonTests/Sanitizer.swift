/// What the tests run under.
enum Sanitizer {
    #if THREAD_SANITIZER
    static let watchesThreads = true
    #else
    static let watchesThreads = false
    #endif
}

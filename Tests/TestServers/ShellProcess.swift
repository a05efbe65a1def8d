import Glibc

/// A command of the shell in a process of its own; killed with its last reference.
public final class ShellProcess {
    public let id: pid_t
    private var hasEnded = false

    /// Starts it; a command that begins with `exec` has the id that is told.
    public init(_ command: String) throws(SystemError) {
        var arguments: [UnsafeMutablePointer<CChar>?] = [
            strdup("sh"), strdup("-c"), strdup(command), nil,
        ]
        defer { for argument in arguments { free(argument) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [
            strdup("PATH=/usr/bin:/bin"), strdup("TZ=UTC"), strdup("LC_ALL=C.UTF-8"), nil,
        ]
        defer { for variable in environment { free(variable) } }
        // Threads of tests block signals that the command is to be ended by.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var id = pid_t()
        let code = posix_spawn(&id, "/bin/sh", nil, &attributes, &arguments, &environment)
        guard code == 0 else { throw SystemError(call: "posix_spawn", code: code) }
        self.id = id
    }

    deinit { end(by: SIGKILL) }

    public func signal(_ number: CInt) {
        kill(id, number)
    }

    /// Sends a signal and waits for the end.
    public func end(by number: CInt = SIGTERM) {
        guard !hasEnded else { return }
        kill(id, number)
        waitForEnd()
    }

    /// Waits for the end, ten seconds at most, and then makes it; the exit code, or `nil` when it
    /// ended otherwise or long ago.
    @discardableResult
    public func waitForEnd() -> Int? {
        guard !hasEnded else { return nil }
        hasEnded = true
        var status: CInt = 0
        var ended: pid_t = 0
        for _ in 0..<1000 {
            ended = waitpid(id, &status, WNOHANG)
            if ended != 0 { break }
            usleep(10_000)
        }
        if ended == 0 {
            kill(id, SIGKILL)
            waitpid(id, &status, 0)
        }
        return status & 0x7f == 0 ? Int(status >> 8 & 0xff) : nil
    }
}

internal import Configuration
internal import Control
internal import LinuxIO

/// The socket that the control tool connects to.
enum ControlSocket {
    /// Takes the one that systemd passed, or else makes the configured one; `nil` without either.
    static func make(
        _ settings: ControlSettings, passed: [PassedSocket]
    ) throws(StartupError) -> FileDescriptor? {
        for socket in passed where socket.name == PassedSocket.controlName {
            // Only a Unix socket tells who is at its other end.
            if socket.endpoint == nil { return FileDescriptor(owning: socket.descriptor) }
        }
        guard let path = settings.socket else { return nil }
        do throws(Errno) {
            return try LocalSocket.listen(
                path: path, mode: ControlLimits.mode, backlog: ControlLimits.backlog)
        } catch {
            throw StartupError(.unavailable, "cannot listen on \(path): \(error)")
        }
    }
}

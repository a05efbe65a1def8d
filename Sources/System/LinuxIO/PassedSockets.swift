internal import CSystemd
internal import Glibc

/// The sockets that systemd passed to this process (`sd_listen_fds(3)`).
public enum PassedSockets {
    /// Takes the passed sockets, and apart from them what is called `name`: descriptors that an
    /// earlier process had the service manager keep, which need not be sockets.
    ///
    /// Whoever uses what is apart owns it.
    public static func take(
        apart name: String
    ) throws(PassedSocketError) -> (sockets: [PassedSocket], apart: [CInt]) {
        var sockets: [PassedSocket] = []
        var apart: [CInt] = []
        for (index, found) in try names().enumerated() {
            let fd = SD_LISTEN_FDS_START + CInt(index)
            if found == name {
                apart.append(fd)
            } else {
                sockets.append(try PassedSocket(inspecting: fd, name: found))
            }
        }
        return (sockets, apart)
    }

    /// Takes the passed sockets, at most once: their environment variables are unset.
    ///
    /// Empty when there are none, or when they were meant for another process (`LISTEN_PID`).
    /// The first socket that is not fit for use is the error; one that was merely left out would
    /// be missed by nobody but its clients.
    public static func take() throws(PassedSocketError) -> [PassedSocket] {
        try names().enumerated().map { entry throws(PassedSocketError) in
            try PassedSocket(
                inspecting: SD_LISTEN_FDS_START + CInt(entry.offset), name: entry.element)
        }
    }

    private static func names() throws(PassedSocketError) -> [String] {
        var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = unsafe sd_listen_fds_with_names(1, &list)
        guard count >= 0 else {
            throw PassedSocketError(descriptor: -1, name: "", problem: .environment(Errno(-count)))
        }
        guard let list = unsafe list else { return [] }
        defer { unsafe free(list) }
        // The library gives `count` strings, all of them ours to free.
        return (0..<Int(count)).map { index in
            guard let name = unsafe list[index] else { return "" }
            defer { unsafe free(name) }
            return unsafe String(cString: name)
        }
    }
}

internal import Configuration
internal import Frontend
internal import LinuxIO
internal import NetAddress

/// The sockets that are served, and which worker serves which.
struct Listeners {
    /// The sockets of each worker.
    let byWorker: [[ListeningSocket]]

    /// Every address that is served, once.
    var endpoints: [Endpoint] {
        var unique: [Endpoint] = []
        for socket in byWorker.joined() where !unique.contains(socket.endpoint) {
            unique.append(socket.endpoint)
        }
        return unique
    }

    /// Takes the sockets that systemd passed, or else binds the configured addresses.
    static func make(
        _ settings: ListenSettings, passed: [PassedSocket]
    ) throws(StartupError) -> Listeners {
        let passed = serving(passed)
        if !passed.isEmpty { return share(passed, workers: workerCount(settings, passed)) }
        guard !settings.addresses.isEmpty else {
            throw StartupError(
                .unavailable,
                "no sockets were passed and no address is configured: "
                    + "start dotproxy.socket, or set Address= in [Listen] or --listen")
        }
        return try bind(settings.addresses, workers: workerCount(settings, nil))
    }

    /// What is served of the passed sockets: all but the control socket.
    private static func serving(_ passed: [PassedSocket]) -> [ListeningSocket] {
        passed.compactMap { passed in
            guard let endpoint = passed.endpoint, passed.name != PassedSocket.controlName
            else { return nil }
            let descriptor = FileDescriptor(owning: passed.descriptor)
            if passed.kind == .datagram {
                // The answer must leave from the address that was asked; without the option
                // the kernel chooses one, which is right on all but wildcard sockets.
                try? descriptor.setPacketInfo(endpoint.address.family)
            }
            return ListeningSocket(
                owning: descriptor, kind: passed.kind == .datagram ? .datagram : .stream,
                endpoint: endpoint)
        }
    }

    /// As many as asked for, else one for each processor, but no more than there are UDP sockets
    /// of one address: workers that share a socket wake each other up.
    private static func workerCount(
        _ settings: ListenSettings, _ passed: [ListeningSocket]?
    ) -> Int {
        switch settings.workers {
        case .count(let count): return count
        case .automatic:
            guard let passed else { return min(Processors.count, DaemonLimits.automaticWorkers) }
            let datagrams = passed.filter { $0.kind == .datagram }
            let most = datagrams.map { socket in
                datagrams.count { $0.endpoint == socket.endpoint }
            }.max()
            return min(Processors.count, most ?? 1)
        }
    }

    /// Gives each worker its own socket of an address where there are enough.
    static func share(_ sockets: [ListeningSocket], workers: Int) -> Listeners {
        var byWorker = Array(repeating: [ListeningSocket](), count: workers)
        for first in sockets.indices {
            let group = sockets.filter {
                $0.kind == sockets[first].kind && $0.endpoint == sockets[first].endpoint
            }
            guard group.first === sockets[first] else { continue }
            for place in 0..<max(group.count, workers) {
                byWorker[place % workers].append(group[place % group.count])
            }
        }
        return Listeners(byWorker: byWorker)
    }

    private static func bind(
        _ addresses: [Endpoint], workers: Int
    ) throws(StartupError) -> Listeners {
        var byWorker: [[ListeningSocket]] = []
        for _ in 0..<workers {
            var own: [ListeningSocket] = []
            for address in addresses {
                let datagram = try open(address, .datagram)
                own.append(datagram)
                // With port 0 TCP takes the port that UDP was given.
                own.append(try open(datagram.endpoint, .stream))
            }
            byWorker.append(own)
        }
        return Listeners(byWorker: byWorker)
    }

    private static func open(
        _ address: Endpoint, _ kind: ListeningSocket.Kind
    ) throws(StartupError) -> ListeningSocket {
        do throws(Errno) {
            let family = address.address.family
            let descriptor =
                kind == .datagram
                ? try Socket.makeDatagram(family) : try Socket.makeStream(family)
            try descriptor.setReuseAddress()
            try descriptor.setReusePort()
            if family == .v6 { try descriptor.setV6Only() }
            if kind == .datagram {
                try descriptor.setReceiveBuffer(byteCount: DaemonLimits.receiveBuffer)
                try descriptor.setPacketInfo(family)
            }
            try descriptor.bind(to: address)
            if kind == .stream { try descriptor.listen(backlog: DaemonLimits.backlog) }
            let bound = try descriptor.localEndpoint() ?? address
            return ListeningSocket(owning: descriptor, kind: kind, endpoint: bound)
        } catch {
            throw StartupError(.unavailable, "cannot listen on \(address): \(error)")
        }
    }
}

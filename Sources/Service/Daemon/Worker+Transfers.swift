internal import Collections
internal import DNSWire
internal import EventLoop
internal import Forwarder
internal import Frontend
internal import NetAddress
internal import UpstreamTransport

// Zone transfers: what a server of the route sends goes to the client as it comes.
extension Worker {
    /// Begins to relay the transfer that `message` asks for; false when that cannot be done.
    func beginTransfer(_ message: RawSpan, for client: SlotID) -> Bool {
        guard let (query, server) = forwarder.beginTransfer(message) else {
            transfers.refused()
            return false
        }
        guard
            transfers.begin(message, query, client: client, server: server, now: loop.now)
        else { return false }
        transferTimer?.arm(at: loop.now + DaemonLimits.transferPatience)
        return true
    }

    func transferConnected(_ connection: SlotID) {
        guard let index = transfers.index(of: connection), let transfer = transfers[index] else {
            return
        }
        let write: (inout MutableRawSpan) -> Int = { message in
            for (place, octet) in transfer.query.enumerated() {
                message.setOctet(octet, at: place)
            }
            self.tapTransfer(message, length: transfer.query.count, to: transfer.server)
            return transfer.query.count
        }
        if transfer.server.transport == .tls {
            transport?.send(on: connection, capacity: transfer.query.count, write)
        } else {
            plain?.send(on: connection, messageID: 0, write)
        }
    }

    /// Takes the next message of a transfer to its client.
    func transferAnswered(_ message: RawSpan, on connection: SlotID) {
        guard let index = transfers.index(of: connection), transfers[index]?.state == .open,
            let step = transfers[index]?.progress.received(message),
            let client = transfers[index]?.client
        else { return }
        guard step != .defect else { return transferFailed(connection) }
        transfers[index]?.hasBegun = true
        transfers[index]?.lastActivity = loop.now
        guard let streams, streams.relay(message, to: client, isLast: step == .last) else {
            return transfers.conclude(index, \.abandoned)
        }
        if step == .last {
            transfers.conclude(index, \.complete)
        } else if !streams.hasRoom(client) {
            transfers[index]?.isPaused = true
            setReading(connection, false)
        }
    }

    /// Tells the client that there is no transfer, or leaves it if it has begun.
    func transferFailed(_ connection: SlotID) {
        guard let index = transfers.index(of: connection), let transfer = transfers[index],
            transfer.state != .ended
        else { return }
        transfers.conclude(index, \.failed)
        if transfer.hasBegun {
            streams?.abandon(transfer.client)
        } else {
            streams?.reply(to: transfer.client, capacity: 1024) { reply in
                forwarder.refuseTransfer(transfer.query.span.octets, into: &reply)
            }
        }
    }

    /// Opens, goes on with and closes what the wake-up has left to do.
    func moveTransfers() {
        guard !transfers.isEmpty else { return }
        for index in 0..<DaemonLimits.transfers {
            guard let transfer = transfers[index], let connection = transfers.connection(index)
            else { continue }
            if streams?.isConnected(transfer.client) != true {
                transfers.conclude(index, \.abandoned)
            }
            switch transfers[index]?.state {
            case .waiting:
                transfers[index]?.state = .open
                if transfer.server.transport == .tls {
                    transport?.open(connection, to: transfer.server)
                } else {
                    plain?.openStream(connection, to: transfer.server)
                }
            case .open where transfer.isPaused && streams?.hasRoom(transfer.client) == true:
                transfers[index]?.isPaused = false
                transfers[index]?.lastActivity = loop.now
                setReading(connection, true)
            case .ended:
                transport?.close(connection)
                plain?.close(connection)
                transfers.end(index)
            default: break
            }
        }
    }

    /// Ends the transfers whose servers say nothing; those of slow clients end with the client.
    func checkTransfers() {
        guard !transfers.isEmpty else { return }
        for index in 0..<DaemonLimits.transfers {
            guard let transfer = transfers[index], !transfer.isPaused,
                transfer.lastActivity + DaemonLimits.transferPatience <= loop.now,
                let connection = transfers.connection(index)
            else { continue }
            transferFailed(connection)
        }
        transferTimer?.arm(at: loop.now + .seconds(1))
    }

    /// Comes back at once for a transfer that can go on, when the others have had their turn.
    func wakeForTransfers() {
        guard !transfers.isEmpty else { return }
        for index in 0..<DaemonLimits.transfers {
            guard let transfer = transfers[index] else { continue }
            if transfer.state == .ended
                || transfer.isPaused && streams?.hasRoom(transfer.client) == true
            {
                transferTimer?.arm(at: loop.now)
            }
        }
    }

    private func setReading(_ connection: SlotID, _ isReading: Bool) {
        transport?.setReading(connection, isReading)
        plain?.setReading(connection, isReading)
    }
}

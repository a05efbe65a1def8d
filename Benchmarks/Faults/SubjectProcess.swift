import FaultTable
import Glibc
import NetAddress
import TestServers

/// A forwarder in a process of its own, with a configuration made for the occasion.
final class SubjectProcess: Subject {
    /// It does not start.
    struct Failure: Error {
        let product: Product
    }

    let endpoint: Endpoint
    private let product: Product
    private let folder: TemporaryFolder
    private var id = pid_t()

    /// Starts it, in the test network if that is wanted, and waits until it answers anything.
    init(
        _ product: Product, asking upstreams: [Endpoint], authority: CertificateAuthority,
        inNetwork: Bool
    ) throws {
        self.product = product
        folder = try TemporaryFolder()
        let address = inNetwork ? TestNetwork.subject : IPAddress(v4: 0x7f00_0001)
        endpoint = Endpoint(address: address, port: UInt16.random(in: 20_000..<30_000))
        let text = product.configuration(
            endpoint, upstreams, name: Bench.name, authority: authority.pemFile,
            folder: folder.path)
        // stubby reads what is called so as YAML.
        let file = try folder.write(Array(text.utf8), as: "subject.yml")
        let prefix = inNetwork ? "ip netns exec \(TestNetwork.namespace) " : ""
        try spawn("exec \(prefix)\(product.command(file)) >\(folder.path)/log 2>&1")
        guard isListening() else { throw Failure(product: product) }
    }

    deinit { stop() }

    private func spawn(_ script: String) throws {
        var arguments: [UnsafeMutablePointer<CChar>?] = [
            strdup("sh"), strdup("-c"), strdup(script), nil,
        ]
        defer { for argument in arguments { free(argument) } }
        let code = posix_spawn(&id, "/bin/sh", nil, nil, &arguments, environ)
        guard code == 0 else { throw Failure(product: product) }
    }

    /// Whether it takes TCP connections before ten seconds are over: all of them listen at once to
    /// both, and no query of ours is to reach the servers.
    private func isListening() -> Bool {
        for _ in 0..<500 {
            if (try? StreamClient(to: endpoint, timeout: .milliseconds(100))) != nil { return true }
            usleep(20_000)
        }
        return false
    }

    func stop() {
        guard id != 0 else { return }
        kill(id, SIGTERM)
        for _ in 0..<50 {
            var status: CInt = 0
            if waitpid(id, &status, WNOHANG) == id {
                id = 0
                return
            }
            usleep(20_000)
        }
        kill(id, SIGKILL)
        waitpid(id, nil, 0)
        id = 0
    }
}

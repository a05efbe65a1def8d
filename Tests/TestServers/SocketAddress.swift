import Glibc
import NetAddress

/// Endpoints as the socket calls take and give them.
enum SocketAddress {
    /// Lends the endpoint as a `sockaddr`.
    static func with<Result>(
        _ endpoint: Endpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        let octets = endpoint.address.octets
        if endpoint.address.family == .v4 {
            var value = sockaddr_in()
            value.sin_family = sa_family_t(AF_INET)
            value.sin_port = endpoint.port.bigEndian
            withUnsafeMutableBytes(of: &value.sin_addr) { $0.copyBytes(from: octets) }
            return lend(&value, body)
        }
        var value = sockaddr_in6()
        value.sin6_family = sa_family_t(AF_INET6)
        value.sin6_port = endpoint.port.bigEndian
        value.sin6_scope_id = endpoint.scope
        withUnsafeMutableBytes(of: &value.sin6_addr) { $0.copyBytes(from: octets) }
        return lend(&value, body)
    }

    /// Reads the endpoint that `body` fills in; `nil` when it fails or is of another family.
    static func read(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
    ) -> Endpoint? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &size) }
        }
        guard result >= 0 else { return nil }
        let bytes = withUnsafeBytes(of: storage) { Array($0) }
        let port = UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        switch CInt(storage.ss_family) {
        case AF_INET:
            return Endpoint(address: IPAddress(v4: UInt32(integer(bytes[4..<8]))), port: port)
        case AF_INET6:
            let address = IPAddress(v6High: integer(bytes[8..<16]), low: integer(bytes[16..<24]))
            let scope = bytes[24..<28].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return Endpoint(address: address, port: port, scope: scope)
        default: return nil
        }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func lend<Address, Result>(
        _ value: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &value) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }
}

public import NetAddress

/// A socket address as the kernel reads and writes it, without a pointer in it.
///
/// The first 28 octets are a `sockaddr_in6`, or a `sockaddr_in` and zeros; converting to and from
/// an `Endpoint` is a few moves.
@frozen
public struct SocketAddress: Hashable, Sendable {
    // The order and the sizes are those of sockaddr_in6; a test compares them with the C types.
    // Fields named "network" hold big-endian bytes.
    var family: UInt16
    var networkPort: UInt16
    /// An IPv4 address; the flow label of IPv6, which is not used.
    var networkWord: UInt32
    var networkHigh: UInt64
    var networkLow: UInt64
    var scope: UInt32
    /// How many of the octets before count: 0, 16 or 28.
    var length: UInt32

    /// `AF_INET` and `AF_INET6`, written out so that other modules can inline the conversions.
    static var inet: UInt16 { 2 }
    static var inet6: UInt16 { 10 }

    /// No address.
    public init() {
        family = 0
        networkPort = 0
        networkWord = 0
        networkHigh = 0
        networkLow = 0
        scope = 0
        length = 0
    }

    /// The socket address of an endpoint.
    public init(_ endpoint: Endpoint) {
        self.init()
        networkPort = endpoint.port.bigEndian
        switch endpoint.address.family {
        case .v4:
            family = Self.inet
            networkWord = endpoint.address.v4Bits.bigEndian
            length = 16
        case .v6:
            family = Self.inet6
            networkHigh = endpoint.address.high.bigEndian
            networkLow = endpoint.address.low.bigEndian
            scope = endpoint.scope
            length = 28
        }
    }

    /// The endpoint, when this is an IPv4 or IPv6 address.
    ///
    /// The scope is kept for link-local addresses alone, as `Endpoint` has it.
    public var endpoint: Endpoint? { endpoint(length: length) }

    /// The endpoint, when `length` octets are an IPv4 or IPv6 address.
    @inline(__always)
    func endpoint(length: UInt32) -> Endpoint? {
        let port = UInt16(bigEndian: networkPort)
        if family == Self.inet, length >= 16 {
            return Endpoint(address: IPAddress(v4: UInt32(bigEndian: networkWord)), port: port)
        }
        guard family == Self.inet6, length >= 28 else { return nil }
        let address = IPAddress(
            v6High: UInt64(bigEndian: networkHigh), low: UInt64(bigEndian: networkLow))
        return Endpoint(address: address, port: port, scope: address.isLinkLocal ? scope : 0)
    }

    /// The address with nothing in it but what its family uses, `length` octets long.
    ///
    /// The kernel leaves the rest of the storage as it was.
    func normalized(length: UInt32) -> SocketAddress {
        var address = self
        address.length = length
        if family == Self.inet {
            address.networkHigh = 0
            address.networkLow = 0
            address.scope = 0
        }
        return address
    }
}

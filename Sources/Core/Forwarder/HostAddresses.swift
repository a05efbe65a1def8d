public import NetAddress

/// What is known of where a server is: the addresses of its name.
public struct HostAddresses: Equatable, Sendable {
    public let name: ServerName
    /// In the order in which they are tried; none when they cannot be found out.
    public let addresses: [IPAddress]

    public init(name: ServerName, addresses: [IPAddress]) {
        self.name = name
        self.addresses = addresses
    }
}

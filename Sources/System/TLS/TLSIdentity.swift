public import NetAddress

/// What the server has proved to be.
public enum TLSIdentity: Hashable, Sendable, CustomStringConvertible {
    case name(ServerName)
    case address(IPAddress)
    case pin(PublicKeyPin)
    case nameAndPin(ServerName, PublicKeyPin)

    public var description: String {
        switch self {
        case .name(let name): "name \(name)"
        case .address(let address): "address \(address)"
        case .pin(let pin): "pin-sha256=\(pin)"
        case .nameAndPin(let name, let pin): "name \(name) and pin-sha256=\(pin)"
        }
    }
}

internal import Glibc

/// The name of this machine.
public enum HostName {
    /// As `gethostname(2)` tells it; empty when it cannot.
    public static var current: String {
        // One more than the longest there is, so that it always ends.
        var name = [CChar](repeating: 0, count: 65)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "" }
        let octets = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: octets, as: UTF8.self)
    }
}

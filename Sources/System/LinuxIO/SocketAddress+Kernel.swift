internal import Glibc

extension SocketAddress {
    /// Octets of storage the kernel may fill.
    static let capacity: socklen_t = 28

    /// Calls `body` with the address as system calls take it.
    func withSocketAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        let count = socklen_t(length)
        return unsafe withUnsafeBytes(of: self) { bytes in
            // A struct is never empty, and every sockaddr begins with the family that is here.
            guard let start = bytes.baseAddress else { preconditionFailure("no storage") }
            return unsafe body(start.assumingMemoryBound(to: sockaddr.self), count)
        }
    }

    /// Lets a system call fill in an address; `nil` when `body` returns a negative number.
    ///
    /// `errno` is untouched after `body`. An address of another family (of a Unix socket) is cut.
    static func filled(
        by body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
    ) -> (result: CInt, address: SocketAddress) {
        var address = SocketAddress()
        var length = capacity
        let result = unsafe withUnsafeMutableBytes(of: &address) { bytes in
            guard let start = bytes.baseAddress else { preconditionFailure("no storage") }
            return unsafe body(start.assumingMemoryBound(to: sockaddr.self), &length)
        }
        return (result, address.normalized(length: min(length, capacity)))
    }
}

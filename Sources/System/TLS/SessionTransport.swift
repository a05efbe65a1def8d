import CGnuTLS
import Glibc

/// GnuTLS reads: from the buffer, or from the socket when that is empty.
@c(dotproxy_tls_pull)
func pullOctets(
    _ transport: UnsafeMutableRawPointer?, _ target: UnsafeMutableRawPointer?, _ count: Int
) -> Int {
    guard let state = unsafe UnsafeMutablePointer<SessionState>(recovering: transport) else {
        return -1
    }
    let descriptor = unsafe state.pointee.descriptor
    let result = unsafe state.pointee.input.take(
        into: UnsafeMutableRawBufferPointer(start: target, count: count), from: descriptor)
    guard result < 0 else { return result }
    unsafe state.pointee.systemError = CInt(-result)
    return -1
}

/// GnuTLS writes: everything at once, never blocking and never raising SIGPIPE.
@c(dotproxy_tls_push)
func pushOctets(
    _ transport: UnsafeMutableRawPointer?, _ parts: UnsafePointer<iovec>?, _ count: CInt
) -> Int {
    guard let state = unsafe UnsafeMutablePointer<SessionState>(recovering: transport) else {
        return -1
    }
    var message = unsafe msghdr()
    // The system call only reads through the pointer.
    unsafe message.msg_iov = UnsafeMutablePointer(mutating: parts)
    unsafe message.msg_iovlen = Int(count)
    let result = unsafe sendOnce(&message, on: state.pointee.descriptor)
    guard result < 0 else { return result }
    unsafe state.pointee.systemError = CInt(-result)
    return -1
}

/// GnuTLS asks what went wrong with the last read or write.
@c(dotproxy_tls_errno)
func transportError(_ transport: UnsafeMutableRawPointer?) -> CInt {
    unsafe UnsafeMutablePointer<SessionState>(recovering: transport)?.pointee.systemError ?? EIO
}

/// GnuTLS asks to wait for octets, which no call here may do: there are none.
@c(dotproxy_tls_wait)
func refuseToWait(_ transport: UnsafeMutableRawPointer?, _ milliseconds: CUnsignedInt) -> CInt {
    0
}

/// Not inlined, so that nothing can run between the system call and the reading of `errno`.
@inline(never)
private func sendOnce(_ message: UnsafePointer<msghdr>, on descriptor: CInt) -> Int {
    let flags = CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT)
    while true {
        let count = unsafe sendmsg(descriptor, message, flags)
        if count < 0, errno == EINTR { continue }
        return count < 0 ? -Int(errno) : count
    }
}

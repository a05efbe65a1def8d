internal import CFuzzer
internal import Forwarder

/// Holds that what an earlier process is said to have known of servers' addresses never does harm,
/// and that what was taken of it is written as something that can be taken again.
@c public func LLVMFuzzerTestOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let octets = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    guard let (known, end) = unsafe HostAddresses.unpack(octets.span.bytes) else { return 0 }
    precondition(end <= octets.count, "more than there was")
    let packed = HostAddresses.packed(known)
    // Names have one spelling only.
    precondition(packed.count <= end, "longer than it was")
    guard let again = unsafe HostAddresses.unpack(packed.span.bytes) else {
        preconditionFailure("not to be taken again")
    }
    precondition(again.known == known && again.end == packed.count, "something else")
    return 0
}

@main enum FuzzAddresses {
    static func main() {
        unsafe cfuzzer_run(CommandLine.argc, CommandLine.unsafeArgv, LLVMFuzzerTestOneInput)
    }
}

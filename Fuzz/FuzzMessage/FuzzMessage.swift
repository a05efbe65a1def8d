internal import CFuzzer
internal import TestSupport

nonisolated(unsafe) private var properties = MessageProperties()

/// Holds what `MessageProperties` says of the octets, as a query and as an answer.
@c public func LLVMFuzzerTestOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    // libFuzzer calls from one thread.
    let (_, violation) = unsafe properties.violation(by: bytes)
    if let violation { fatalError("\(violation)") }
    return 0
}

@main enum FuzzMessage {
    static func main() {
        unsafe cfuzzer_run(CommandLine.argc, CommandLine.unsafeArgv, LLVMFuzzerTestOneInput)
    }
}

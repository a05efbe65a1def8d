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
        var argumentCount = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
            unsafe CommandLine.unsafeArgv
        unsafe withUnsafeMutablePointer(to: &arguments) {
            _ = unsafe LLVMFuzzerRunDriver(&argumentCount, $0, LLVMFuzzerTestOneInput)
        }
    }
}

internal import CFuzzer
internal import TestSupport

/// Holds what `ListProperties` says of the octets; the first eight are where the file is cut.
@c public func LLVMFuzzerTestOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    let violation = ListProperties.violation(
        by: Array(bytes.dropFirst(8)), cuts: Array(bytes.prefix(8)))
    if let violation { fatalError("\(violation)") }
    return 0
}

@main enum FuzzLists {
    static func main() {
        unsafe cfuzzer_run(CommandLine.argc, CommandLine.unsafeArgv, LLVMFuzzerTestOneInput)
    }
}

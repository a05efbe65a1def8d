internal import CFuzzer
internal import Control
internal import DNSText

/// Holds that no request and no message to be shown traps, and that what is shown is plain text.
@c public func LLVMFuzzerTestOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    _ = try? ControlRequest.parse(bytes, isPrivileged: true)
    if let name = NameText.parse(String(decoding: bytes, as: UTF8.self)) {
        let text = unsafe NameText.text(of: name.span.bytes, at: 0)
        precondition(NameText.parse(text) == name, "the text is another name")
    }
    if let text = unsafe MessageText(bytes.span.bytes) {
        precondition(text.long.utf8.allSatisfy { (0x20..<0x7f).contains($0) || $0 == 10 })
    }
    return 0
}

@main enum FuzzControl {
    static func main() {
        unsafe cfuzzer_run(CommandLine.argc, CommandLine.unsafeArgv, LLVMFuzzerTestOneInput)
    }
}

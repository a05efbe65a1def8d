internal import CFuzzer
internal import Configuration

/// Holds that no file traps, and that what a good file means survives being written and read.
@c public func LLVMFuzzerTestOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: size))
    do throws(ConfigurationError) {
        let configuration = try Configuration.parse([SourceFile(name: "input", bytes: bytes)])
        let text = SourceFile(name: "text", bytes: Array(configuration.text.utf8))
        let again = try Configuration.parse([text])
        precondition(again == configuration, "the text means something else")
    } catch {
        precondition(!error.problems.isEmpty, "refused without a reason")
        precondition(error.problems.allSatisfy { $0.file == "input" }, "the text is refused")
    }
    return 0
}

@main enum FuzzConfiguration {
    static func main() {
        unsafe cfuzzer_run(CommandLine.argc, CommandLine.unsafeArgv, LLVMFuzzerTestOneInput)
    }
}

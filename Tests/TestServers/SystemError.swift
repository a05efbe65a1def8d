import Glibc

/// A system call that failed where the test setup needs it to work.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    public let call: String
    public let code: CInt

    public var description: String { "\(call): \(String(cString: strerror(code)))" }

    /// Throws what `errno` says when `result` is negative, and hands `result` back otherwise.
    @discardableResult
    static func check<Result: SignedInteger>(
        _ result: Result, _ call: String
    ) throws(SystemError) -> Result {
        let code = errno
        guard result < 0 else { return result }
        throw SystemError(call: call, code: code)
    }
}

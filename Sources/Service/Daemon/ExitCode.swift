/// How the process ends, by the codes of `sysexits.h`.
public struct ExitCode: Equatable, Sendable {
    public let rawValue: Int32

    public static let success = ExitCode(rawValue: 0)
    /// The command line makes no sense (`EX_USAGE`).
    public static let usage = ExitCode(rawValue: 64)
    /// There is no socket to serve (`EX_UNAVAILABLE`).
    public static let unavailable = ExitCode(rawValue: 69)
    /// The system refused something that cannot be done without (`EX_OSERR`).
    public static let system = ExitCode(rawValue: 71)
    /// The configuration is wrong (`EX_CONFIG`).
    public static let configuration = ExitCode(rawValue: 78)
}

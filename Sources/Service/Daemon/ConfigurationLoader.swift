public import Configuration
internal import LinuxIO

/// Reads the configuration: a file, then the drop-ins beside it, then what the command line says.
public struct ConfigurationLoader: Sendable {
    public let path: String
    /// Whether the file was named, so that it is a mistake if it is missing.
    public let isRequired: Bool
    public let overrides: Overrides

    public init(path: String, isRequired: Bool, overrides: Overrides) {
        self.path = path
        self.isRequired = isRequired
        self.overrides = overrides
    }

    /// Reads and checks everything, or says all that is wrong.
    public func load() throws(ConfigurationError) -> Configuration {
        var files: [SourceFile] = []
        if let main = try read(path, isRequired: isRequired) { files.append(main) }
        for name in try dropIns() {
            if let file = try read("\(path).d/\(name)", isRequired: true) { files.append(file) }
        }
        return try Configuration.parse(files, overrides: overrides)
    }

    private func dropIns() throws(ConfigurationError) -> [String] {
        do throws(Errno) {
            return try listDirectory(path: "\(path).d", suffix: ".conf")
        } catch {
            if error == .noSuchFile { return [] }
            throw Self.unreadable("\(path).d", error)
        }
    }

    private func read(
        _ path: String, isRequired: Bool
    ) throws(ConfigurationError) -> SourceFile? {
        do throws(Errno) {
            return SourceFile(
                name: path, bytes: try readFile(path: path, limit: SourceFile.sizeLimit))
        } catch {
            if error == .noSuchFile, !isRequired { return nil }
            throw Self.unreadable(path, error)
        }
    }

    private static func unreadable(_ path: String, _ error: Errno) -> ConfigurationError {
        let message =
            error == .fileTooLarge
            ? "the file is over \(SourceFile.sizeLimit >> 20) MiB long" : "cannot be read: \(error)"
        return ConfigurationError(problems: [ConfigurationProblem(file: path, message: message)])
    }
}

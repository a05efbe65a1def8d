import Glibc

/// A file of this repository that a test needs and cannot read.
public struct UnreadableFile: Error, CustomStringConvertible {
    public let path: String

    public var description: String { "\(path) cannot be read" }
}

/// The octets of a file of this repository, by its path from the top.
public func repositoryFile(_ path: String) throws(UnreadableFile) -> [UInt8] {
    guard let file = fopen(repositoryPath(path), "r") else { throw UnreadableFile(path: path) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
        bytes += buffer[..<count]
    }
    return bytes
}

/// The lines of a text file of this repository.
public func repositoryLines(_ path: String) throws(UnreadableFile) -> [String] {
    String(decoding: try repositoryFile(path), as: UTF8.self)
        .split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
}

/// The names of the files in a folder of this repository, sorted.
public func repositoryFiles(in path: String) throws(UnreadableFile) -> [String] {
    guard let folder = opendir(repositoryPath(path)) else { throw UnreadableFile(path: path) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
}

private func repositoryPath(_ path: String) -> String {
    "\(#filePath.dropLast("TestSupport/RepositoryFile.swift".count))../\(path)"
}

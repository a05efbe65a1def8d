import Glibc
import Testing

/// The octets of a file of this repository, by its path from the top.
func repositoryFile(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(repositoryPath(path), "r"), "\(path) cannot be read")
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
        bytes += buffer[..<count]
    }
    return bytes
}

/// The names of the files in a folder of this repository, sorted.
func repositoryFiles(in path: String) throws -> [String] {
    let folder = try #require(opendir(repositoryPath(path)), "\(path) cannot be read")
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
    "\(#filePath.dropLast("RepositoryFile.swift".count))../../\(path)"
}

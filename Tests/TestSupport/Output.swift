/// The octets that `write` leaves in `capacity` octets of room; it gives how many they are.
public func written(
    capacity: Int, _ write: (inout MutableRawSpan) -> Int
) -> [UInt8] {
    var bytes = [UInt8](repeating: 0xee, count: capacity)
    let length = withRoom(in: &bytes, write)
    return Array(bytes[..<length])
}

/// Lends all of `bytes` to be written to.
public func withRoom<Result>(
    in bytes: inout [UInt8], _ body: (inout MutableRawSpan) -> Result
) -> Result {
    var elements = bytes.mutableSpan
    var room = elements.mutableBytes
    return body(&room)
}

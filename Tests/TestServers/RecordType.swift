/// Record types by the names that tests use.
public enum RecordType {
    public static let a: UInt16 = 1
    public static let ns: UInt16 = 2
    public static let cname: UInt16 = 5
    public static let soa: UInt16 = 6
    public static let ptr: UInt16 = 12
    public static let mx: UInt16 = 15
    public static let txt: UInt16 = 16
    public static let aaaa: UInt16 = 28
    public static let opt: UInt16 = 41
    public static let https: UInt16 = 65
    public static let any: UInt16 = 255
}

/// Response codes by the names that tests use.
public enum ResponseCode {
    public static let noError: UInt16 = 0
    public static let formatError: UInt16 = 1
    public static let serverFailure: UInt16 = 2
    public static let nameError: UInt16 = 3
    public static let notImplemented: UInt16 = 4
    public static let refused: UInt16 = 5
    public static let badVersion: UInt16 = 16
}

/// EDNS option codes by the names that tests use.
public enum OptionCode {
    public static let clientSubnet: UInt16 = 8
    public static let cookie: UInt16 = 10
    public static let keepalive: UInt16 = 11
    public static let padding: UInt16 = 12
    public static let extendedError: UInt16 = 15
}

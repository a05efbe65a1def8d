import TestSupport

/// What a scenario says of an answer; bits, RCODE and options that it does not name must not be
/// there, sizes and records that it does not name are not looked at.
struct AnswerExpectation {
    private let code: UInt16
    private let isTruncated: Bool
    private let isAuthenticated: Bool
    private let isAuthoritative: Bool
    private let isHeaderOnly: Bool
    private let extendedError: Int?
    private let errorText: String?
    private let keepalive: Int?
    /// Of each record in turn, or one for all.
    private let ttls: [UInt32]
    private let size: Int?
    private let records: Int?
    private let authorities: Int?
    private let additionals: Int?
    private let data: [String]

    init(_ statement: inout Statement) throws(Violation) {
        code = try statement.value("rcode").map(Vocabulary.code) ?? 0
        isTruncated = statement.flag("tc")
        isAuthenticated = statement.flag("ad")
        isAuthoritative = statement.flag("aa")
        isHeaderOnly = statement.flag("header-only")
        extendedError = try statement.number("ede")
        errorText = statement.value("text")
        keepalive = try statement.number("keepalive")
        var ttls: [UInt32] = []
        while let ttl = try statement.number("ttl") { ttls.append(UInt32(ttl)) }
        self.ttls = ttls
        size = try statement.number("size")
        records = try statement.number("records")
        authorities = try statement.number("authorities")
        additionals = try statement.number("additionals")
        var data: [String] = []
        while let word = statement.value("data") { data.append(word) }
        self.data = data
    }

    func check(_ answer: DecodedMessage) throws(Violation) {
        try equal(Vocabulary.name(ofCode: answer.code), Vocabulary.name(ofCode: code), "RCODE")
        try equal(answer.flags & 0x0200 != 0, isTruncated, "TC")
        try equal(answer.flags & 0x0020 != 0, isAuthenticated, "AD")
        try equal(answer.flags & 0x0400 != 0, isAuthoritative, "AA")
        try equal(answer.bytes.count == 12, isHeaderOnly, "only a header")
        if let size { try equal(answer.bytes.count, size, "size") }
        if isTruncated {
            try equal(answer.answers.count + answer.authorities.count, 0, "records with TC")
            try equal(answer.additionals.count, 0, "records with TC")
        }
        try checkOptions(answer)
        try checkRecords(answer)
    }

    private func checkOptions(_ answer: DecodedMessage) throws(Violation) {
        let found = answer.option(11).map { Int($0[0]) << 8 | Int($0[1]) }
        try equal(found, keepalive, "keepalive")
        let error = answer.option(15)
        try equal(error.map { Int($0[0]) << 8 | Int($0[1]) }, extendedError, "extended error")
        guard let errorText else { return }
        let text = String(decoding: error?.dropFirst(2) ?? [], as: UTF8.self)
        guard text.contains(errorText) else { throw Violation("its text is \"\(text)\"") }
    }

    private func checkRecords(_ answer: DecodedMessage) throws(Violation) {
        if let records { try equal(answer.answers.count, records, "number of records") }
        if let authorities { try equal(answer.authorities.count, authorities, "authorities") }
        if let additionals { try equal(answer.additionals.count, additionals, "additionals") }
        if let ttl = ttls.first {
            let all = answer.answers + answer.authorities + answer.additionals
            let wanted = ttls.count == 1 ? all.map { _ in ttl } : ttls
            try equal(all.map(\.ttl), wanted, "TTLs")
        }
        guard !data.isEmpty else { return }
        let wanted = data.compactMap { UpstreamMessage.data($0, type: answer.type) }
        try equal(answer.answers.map { hexadecimal($0.data) }, wanted.map(hexadecimal), "data")
    }
}

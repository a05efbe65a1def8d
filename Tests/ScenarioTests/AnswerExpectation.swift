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
    private let ttl: Int?
    private let size: Int?
    private let records: Int?
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
        ttl = try statement.number("ttl")
        size = try statement.number("size")
        records = try statement.number("records")
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
        if let ttl {
            try equal(answer.answers.map(\.ttl), answer.answers.map { _ in UInt32(ttl) }, "TTL")
        }
        guard !data.isEmpty else { return }
        let wanted = data.compactMap { UpstreamMessage.data($0, type: answer.type) }
        try equal(answer.answers.map { hexadecimal($0.data) }, wanted.map(hexadecimal), "data")
    }
}

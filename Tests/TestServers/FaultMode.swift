import NetAddress

/// The ways an upstream fails that a forwarder has to live with, by their short names.
public enum FaultMode: String, Sendable, CaseIterable {
    // The first is none, and `tls12`, `reverse`, `dup`, `trailing` and others are no faults to a
    // client either: it has to answer all the same.
    case ok
    case tls12
    case expired
    case future
    case wrongName = "wrongname"
    case selfSigned = "selfsigned"
    case commonNameOnly = "cnonly"
    case clientCertificate = "clientauth"
    case weak
    case tls11
    case handshakeClose = "hs_close"
    case handshakeStall = "hs_stall"
    case handshakeReset = "hs_rst"
    case handshakeHTTP = "hs_http"
    case handshakeDrip = "hs_drip"
    case closeAfterHandshake = "close_after_hs"
    case blackHole = "blackhole"
    case blackHoleHalf = "blackhole_half"
    case closeOnQuery = "close_on_query"
    case resetOnQuery = "rst_on_query"
    case closeAfter1 = "close_after_1"
    case closeAfter3 = "close_after_3"
    case randomClose = "random_close"
    case drip
    case split1
    case partialClose = "partial_close"
    case delay1500
    case delayRandom = "delay_rand"
    case wrongID = "wrong_id"
    case wrongIDThenGood = "wrong_id_then_good"
    case wrongQuestionName = "wrong_qname"
    case wrongQuestionNameThenGood = "wrong_qname_then_good"
    case wrongQuestionType = "wrong_qtype"
    case wrongQuestionClass = "wrong_qclass"
    case noQuestion = "no_question"
    case notAResponse = "qr0"
    case opcode4
    case emptyFrameThenGood = "len0_then_good"
    case longFrame = "len_long"
    case shortFrame = "len_short"
    case tiny11
    case garbage
    case garbageWithID = "garbage_id"
    case compressionLoop = "comp_loop"
    case compressionForward = "comp_fwd"
    case lyingCount = "count_lie"
    case lyingDataLength = "rdlen_lie"
    case trailing
    case duplicated = "dup"
    case reverse
    case truncated = "tc"
    case serverFailure = "servfail"
    case refused
    case formatError = "formerr"
    case notImplemented = "notimp"
    case huge
    case negativeTTL = "ttl_neg"
    case floodUnsolicited = "flood_unsolicited"
    case unsolicitedFirst = "unsolicited_first"
}

extension FaultMode {
    /// What the mode makes of a good certificate.
    public func certificate(_ good: CertificateRequest) -> CertificateRequest {
        good.with {
            switch self {
            case .expired: ($0.validFromSeconds, $0.validUntilSeconds) = (-172_800, -86_400)
            case .future: ($0.validFromSeconds, $0.validUntilSeconds) = (86_400, 172_800)
            case .wrongName: ($0.names, $0.addresses) = (["wrong.test"], [])
            case .selfSigned: $0.isSelfSigned = true
            case .commonNameOnly:
                ($0.commonName, $0.names, $0.addresses) = (good.names.first, [], [])
            case .clientCertificate: $0.purpose = .client
            case .weak: $0.key = .rsa1024
            default: break
            }
        }
    }

    /// The TLS versions of the modes that have their own.
    public var priority: String? {
        switch self {
        case .tls12: "NORMAL:-VERS-ALL:+VERS-TLS1.2"
        // At the level where TLS 1.1 and its SHA-1 signatures still exist.
        case .tls11: "NORMAL:-VERS-ALL:+VERS-TLS1.1:+SHA1:+SIGN-ALL:%VERIFY_ALLOW_SIGN_WITH_SHA1"
        default: nil
        }
    }

    /// What the mode does to connections and answers.
    public var behavior: Behavior {
        Behavior().with {
            switch self {
            case .handshakeClose: $0.opening = .close
            case .handshakeStall: $0.opening = .silence
            case .handshakeReset: $0.opening = .reset
            case .handshakeHTTP: $0.opening = .http
            case .handshakeDrip: $0.opening = .drip(every: .milliseconds(400))
            case .closeAfterHandshake: $0.opening = .closeAfterHandshake
            case .blackHole: $0.silence = .all
            case .blackHoleHalf: $0.silence = .alternate
            case .closeOnQuery: ($0.ending, $0.closing) = (.onQuery, .abrupt)
            case .resetOnQuery: ($0.ending, $0.closing) = (.onQuery, .reset)
            case .closeAfter1: ($0.ending, $0.closing) = (.afterAnswers(1), .abrupt)
            case .closeAfter3: ($0.ending, $0.closing) = (.afterAnswers(3), .abrupt)
            case .randomClose: ($0.ending, $0.closing) = (.randomly(percent: 20), .abrupt)
            case .drip: $0.pacing = .records(of: 1, every: .milliseconds(400))
            case .split1: $0.pacing = .records(of: 1, every: .zero)
            case .partialClose: ($0.ending, $0.closing) = (.midAnswer, .abrupt)
            case .delay1500: $0.delay = .fixed(.milliseconds(1500))
            case .delayRandom: $0.delay = .random(upTo: .milliseconds(800))
            case .reverse: $0.reversesWithin = .milliseconds(100)
            case .unsolicitedFirst: $0.unsolicitedAtStart = 1
            default: $0.distortion = distortion
            }
        }
    }

    private var distortion: Distortion {
        switch self {
        case .wrongID: .wrongID
        case .wrongIDThenGood: .wrongIDThenGood
        case .wrongQuestionName: .wrongName
        case .wrongQuestionNameThenGood: .wrongNameThenGood
        case .wrongQuestionType: .wrongType
        case .wrongQuestionClass: .wrongClass
        case .noQuestion: .noQuestion
        case .notAResponse: .notAResponse
        case .opcode4: .opcode(4)
        case .emptyFrameThenGood: .emptyFrameThenGood
        case .longFrame: .longFrame
        case .shortFrame: .shortFrame
        case .tiny11: .shorterThanHeader
        case .garbage: .garbage
        case .garbageWithID: .garbageWithID
        case .compressionLoop: .compressionLoop
        case .compressionForward: .forwardPointer
        case .lyingCount: .lyingCount
        case .lyingDataLength: .lyingDataLength
        case .trailing: .trailing
        case .duplicated: .duplicated
        case .truncated: .truncated
        case .serverFailure: .rcode(ResponseCode.serverFailure)
        case .refused: .rcode(ResponseCode.refused)
        case .formatError: .rcode(ResponseCode.formatError)
        case .notImplemented: .rcode(ResponseCode.notImplemented)
        case .huge: .enlarged
        case .negativeTTL: .negativeTTL
        case .floodUnsolicited: .unsolicited(20)
        default: .none
        }
    }
}

import DNSWire
import NetAddress
import Policy
import TestSupport

func name(_ text: String) -> FoldedName {
    FoldedName(text) ?? .root
}

func address(_ text: String) -> IPAddress {
    IPAddress(text) ?? IPAddress(v4: 0)
}

/// The folded question for `text`.
func question(_ text: String, _ type: RecordType, class recordClass: UInt16 = 1) -> [UInt8] {
    DomainName.wire(text.lowercased()) + [0, UInt8(type.rawValue), 0, UInt8(recordClass)]
}

/// How a client with EDNS wants its answer.
let client = Reply(
    id: 7, flags: .recursionDesired, hasEDNS: true, dnssecOK: false, sizeLimit: 4096,
    payloadSize: 1232, keepalive: nil)

extension LocalNames {
    /// What is answered to `name`, taken apart; `nil` when it is not answered here.
    func ask(_ name: String, _ type: RecordType, class recordClass: UInt16 = 1) -> DecodedMessage? {
        let asked = question(name, type, class: recordClass)
        let bytes = written(capacity: 4096) { room in
            answer(asked.span.bytes, as: client, into: &room) ?? 0
        }
        return bytes.isEmpty ? nil : DecodedMessage(bytes)
    }
}

extension DecodedMessage {
    /// What the answers say, addresses and names as text.
    var answerTexts: [String] {
        answers.map { record in
            switch record.type {
            case 1: record.data.map(String.init).joined(separator: ".")
            case 28: record.data.map { String($0, radix: 16) }.joined(separator: ":")
            case 2, 5, 12: DomainName.text(record.data)
            default: "\(record.data)"
            }
        }
    }

    var owner: String? { (answers + authorities).first.map { DomainName.text($0.owner) } }
}

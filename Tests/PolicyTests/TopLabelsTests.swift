import NetAddress
import TestSupport
import Testing

@testable import Policy

@Suite struct TopLabelsTests {
    @Test func knowsEveryLastLabelThatWasAdded() {
        var tops = TopLabels()
        for text in ["localhost", "10.in-addr.arpa", "a.test"] {
            let name = DomainName.wire(text)
            tops.insert(name.span.bytes)
        }
        for text in ["localhost", "x.localhost", "arpa", "1.10.in-addr.arpa", "test"] {
            #expect(Self.mayHold(tops, text))
        }
    }

    @Test func knowsFewOthers() {
        let names = LocalNamesSource().makeNames(HostsReader(), seed: (1, 2))
        let others = ["com", "org", "net", "de", "io", "uk", "fr", "nl", "jp", "info", "eu", "dev"]
        let passing = others.filter { text in
            Self.mayHold(names.topLabels, "www.example." + text)
        }
        #expect(passing.count <= 2, "\(passing)")
    }

    @Test func noneIsThereAtFirst() {
        for text in [".", "com", "localhost"] {
            #expect(!Self.mayHold(TopLabels(), text))
        }
    }

    private static func mayHold(_ tops: TopLabels, _ text: String) -> Bool {
        tops.mayHold(DomainName.wire(text).span.bytes)
    }
}

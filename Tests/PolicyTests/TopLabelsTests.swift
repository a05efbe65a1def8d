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
        let others =
            "com org net de io uk fr nl jp info eu dev app ru cn br au ca it es pl ch se us me co "
            + "tv ai gov edu cloud xyz in ir biz online site shop top at be cz dk fi no kr tw"
        let passing = others.split(separator: " ").filter { text in
            Self.mayHold(names.topLabels, "www.example." + text)
        }
        #expect(passing.isEmpty, "\(passing)")
    }

    @Test func noneIsThereAtFirst() {
        for text in [".", "com", "localhost"] {
            #expect(!Self.mayHold(TopLabels(), text))
        }
    }

    private static func mayHold(_ tops: TopLabels, _ text: String) -> Bool {
        let name = DomainName.wire(text)
        return tops.mayHold(name.span.bytes, length: name.count)
    }
}

import NetAddress
import TestSupport
import Testing

@testable import Policy

@Suite struct RouteTableTests {
    private func routes(_ names: [(String, UInt8)], asked: [String]) -> [UInt8] {
        let table = RouteTable(
            names.compactMap { name, route in FoldedName(name).map { ($0, route) } },
            seed: (1, 2))
        return asked.map { table.route(of: DomainName.wire($0).span.bytes) }
    }

    @Test func withoutRoutesEveryNameHasTheRouteZero() {
        #expect(routes([], asked: ["corp.example", "."]) == [0, 0])
    }

    @Test func aRouteTakesItsNameAndAllBelow() {
        let found = routes(
            [("corp.example", 3)],
            asked: [
                "corp.example", "www.corp.example", "a.b.c.corp.example", "example",
                "xcorp.example", "corp.example.net", ".",
            ])
        #expect(found == [3, 3, 3, 0, 0, 0, 0])
    }

    @Test func theLongestNameCounts() {
        let found = routes(
            [("example", 1), ("corp.example", 2), ("lab.corp.example", 3)],
            asked: ["example", "x.example", "x.corp.example", "lab.corp.example", "net"])
        #expect(found == [1, 1, 2, 3, 0])
    }

    @Test func theRootTakesWhatNoOtherTakes() {
        let found = routes(
            [(".", 7), ("corp.example", 2)], asked: ["www.example", ".", "www.corp.example"])
        #expect(found == [7, 7, 2])
    }

    @Test func ofANameTwiceTheFirstCounts() {
        #expect(routes([("a.example", 1), ("A.example", 2)], asked: ["a.example"]) == [1])
        #expect(routes([(".", 1), (".", 2)], asked: ["a.example"]) == [1])
    }

    @Test func namesOfManyLabelsAreFound() {
        let long = String(repeating: "a.", count: 120) + "example"
        let longer = "b.b." + long
        let found = routes(
            [(long, 4), ("a.a.example", 5)], asked: [long, longer, "x." + long, "a.a.a.example"])
        #expect(found == [4, 4, 4, 5])
    }

    @Test func agreesWithAModel() {
        var random = SplitMix64(seed: 6)
        let labels = ["a", "b", "corp", "example"]
        func name(upTo count: Int) -> String {
            (0..<Int.random(in: 1...count, using: &random))
                .map { _ in labels[Int.random(in: 0..<labels.count, using: &random)] }
                .joined(separator: ".")
        }
        for _ in 0..<200 {
            let routed = (1...9).map { (name(upTo: 4), UInt8($0)) }
            let asked = (0..<40).map { _ in name(upTo: 6) }
            let wanted = asked.map { name -> UInt8 in
                let fitting = routed.filter { name == $0.0 || name.hasSuffix(".\($0.0)") }
                let longest = fitting.map(\.0.count).max()
                return fitting.first { $0.0.count == longest }?.1 ?? 0
            }
            #expect(routes(routed, asked: asked) == wanted)
        }
    }
}

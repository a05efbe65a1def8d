import Control
import NetAddress
import Testing

@Suite struct MetricTextTests {
    private static let families = [
        MetricFamily(
            "a_total", .counter, "Things counted",
            [
                .init([("kind", "x\"\\\n")], .count(3)),
                .init([("kind", "y"), ("more", "z")], .count(.max)),
            ]),
        MetricFamily(
            "b_seconds", .histogram, "Time taken",
            [
                .init([("le", "+Inf")], .count(2), suffix: "_bucket"),
                .init([], .duration(.milliseconds(1500)), suffix: "_sum"),
            ]),
    ]

    @Test func prometheus() {
        #expect(
            MetricText.prometheus(Self.families) == """
                # HELP a_total Things counted.
                # TYPE a_total counter
                a_total{kind="x\\"\\\\\\n"} 3
                a_total{kind="y",more="z"} 18446744073709551615
                # HELP b_seconds Time taken.
                # TYPE b_seconds histogram
                b_seconds_bucket{le="+Inf"} 2
                b_seconds_sum 1.5

                """)
    }

    @Test func plainTextIsAligned() {
        let lines = MetricText.plain([Self.families[1]]).split(separator: "\n")
        #expect(lines == ["b_seconds_bucket{le=\"+Inf\"}  2", "b_seconds_sum                1.5"])
    }

    @Test func json() {
        let text = MetricText.json([Self.families[1]])
        #expect(
            text == #"{"b_seconds":{"type":"histogram","help":"Time taken","samples":["#
                + #"{"of":"bucket","labels":{"le":"+Inf"},"value":2},"#
                + #"{"of":"sum","labels":{},"value":1.5}]}}"# + "\n")
    }

    @Test(arguments: [
        (UInt64(0), "0"), (1, "0.000001"), (1_000_000, "1"), (1_500_000, "1.5"),
        (12_345_678, "12.345678"), (100_010, "0.10001"),
    ])
    func seconds(_ microseconds: UInt64, _ text: String) {
        #expect(Decimal.seconds(Interval(microseconds: microseconds)) == text)
    }

    @Test(arguments: [
        (UInt64(0), UInt64(0), "0.0"), (1, 3, "33.3"), (3, 3, "100.0"), (5, 3, "100.0"),
        (.max, .max, "100.0"), (.max / 2, .max, "49.9"),
    ])
    func percent(_ part: UInt64, _ whole: UInt64, _ text: String) {
        #expect(Decimal.percent(part, of: whole) == text)
    }
}

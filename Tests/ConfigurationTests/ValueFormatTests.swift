import NetAddress
import Testing

@testable import Configuration

@Suite struct ValueFormatTests {
    @Test(arguments: [
        ("1", 1), ("007", 7), ("1K", 1024), ("3M", 3 << 20), ("2G", 2 << 30), ("0", nil),
        ("", nil), ("K", nil), ("1k", nil), ("-1", nil), ("+1", nil), ("1.5K", nil), ("4G", nil),
        ("9223372036854775807", nil), ("9223372036854775807G", nil), ("18446744073709551616", nil),
    ])
    func numbers(text: String, expected: Int?) {
        let value = try? ValueFormat.number(1...(3 << 30)).read(text)
        #expect(value == expected)
    }

    @Test(arguments: [
        (0, "0"), (1, "1"), (1023, "1023"), (1024, "1K"), (1536 << 10, "1536K"),
        (16 << 20, "16M"), (1 << 30, "1G"),
    ])
    func sizesAreWritten(size: Int, expected: String) throws {
        let format = ValueFormat.size(0...(1 << 30))
        #expect(format.write(size) == expected)
        let value = try format.read(expected)
        #expect(value == size)
    }

    @Test(arguments: [
        ("yes", true), ("On", true), ("1", true), ("true", true), ("no", false), ("OFF", false),
        ("0", false), ("false", false), ("maybe", nil), ("2", nil), ("", nil),
    ])
    func booleans(text: String, expected: Bool?) {
        let value = try? ValueFormat.boolean.read(text)
        #expect(value == expected)
    }

    @Test func booleansAreWritten() {
        #expect([true, false].map(ValueFormat.boolean.write) == ["yes", "no"])
    }

    @Test(arguments: [
        ("50", 50_000_000), ("4.5s", 4_500_000), ("100ms", 100_000), ("1min", 60_000_000),
        ("2h", 7_200_000_000), ("1d", 86_400_000_000), ("1w", 604_800_000_000),
        ("2min 200ms", 120_200_000), ("1h30min", 5_400_000_000), ("5 us", 5), ("7µs", 7),
        ("0.5 hours", 1_800_000_000), ("1.0000019s", 1_000_001), ("0", 0),
        ("18446744073709551615us", UInt64.max), ("18446744073709551616us", nil),
        ("18446744073709.9s", nil), ("18446744073709551615us 1us", nil),
        ("30500568904944w", nil), ("", nil), ("s", nil), (".5s", nil), ("5.s", nil),
        ("1.2.3s", nil), ("1 parsec", nil), ("-1s", nil), ("1s,", nil), ("infinity", nil),
        ("\u{0661}s", nil), ("1\u{0301}s", nil),
    ])
    func durations(text: String, expected: UInt64?) {
        #expect(DurationText.read(text)?.microseconds == expected)
    }

    @Test(arguments: [
        (0, "0s"), (1, "1us"), (1000, "1ms"), (1001, "1001us"), (999_000, "999ms"),
        (4_500_000, "4.5s"), (1_010_000, "1.01s"), (60_000_000, "1min"),
        (90_001_000, "1min 30.001s"), (3_600_000_001, "1h 1us"), (172_800_000_000, "2d"),
        (UInt64.max, "213503982d 8h 1min 49551615us"),
    ])
    func durationsAreWritten(microseconds: UInt64, expected: String) {
        let interval = Interval(microseconds: microseconds)
        #expect(DurationText.write(interval) == expected)
        #expect(DurationText.read(expected) == interval)
    }

    @Test(arguments: ["/", "/etc/ssl/\u{e4}.pem", "/with blank", "/a\\b"])
    func goodPaths(text: String) throws {
        let path = try ValueFormat.path.read(text)
        #expect(path == text)
    }

    @Test func pathsAreBounded() {
        let path = "/" + String(repeating: "a", count: 4094)
        #expect((try? ValueFormat.path.read(path)) == path)
        #expect((try? ValueFormat.path.read(path + "a")) == nil)
    }
}

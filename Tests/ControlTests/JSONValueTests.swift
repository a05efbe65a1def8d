import Control
import Testing

@Suite struct JSONValueTests {
    @Test func writesEveryKind() {
        let value = JSONValue.object([
            ("a", .array([.null, .bool(true), .integer(7), .number("1.5")])),
            ("b\"", .string("\u{1}\\\"\u{7f}\u{e4}")), ("c", .optional(nil)),
            ("d", .optional("x")),
        ])
        #expect(
            value.text
                == #"{"a":[null,true,7,1.5],"b\"":"\u0001\\\"\u007f"# + "\u{e4}"
                + #"","c":null,"d":"x"}"#)
    }
}

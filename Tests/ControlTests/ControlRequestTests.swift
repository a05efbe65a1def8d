import Configuration
import Testing

@testable import Control

@Suite struct ControlRequestTests {
    private func parse(_ line: String, isPrivileged: Bool = true) throws -> ControlRequest {
        try ControlRequest.parse(line.utf8, isPrivileged: isPrivileged)
    }

    @Test func readsEveryCommand() throws {
        #expect(try parse("ping") == .ping)
        #expect(try parse("status") == .status(.plain))
        #expect(try parse("  status   json ") == .status(.json))
        #expect(try parse("stats prometheus") == .stats(.prometheus))
        #expect(try parse("flush") == .flush(nil))
        #expect(
            try parse("flush A.example subtree")
                == .flush(
                    NameScope(
                        name: [1, 97, 7] + Array("example".utf8) + [0], includesSubtree: true)))
        #expect(try parse("reload") == .reload)
        #expect(
            try parse("query a") == .query(name: [1, 97, 0], type: 1, isShort: false))
        #expect(
            try parse("query a short") == .query(name: [1, 97, 0], type: 1, isShort: true))
        #expect(
            try parse("query a aaaa short") == .query(name: [1, 97, 0], type: 28, isShort: true))
        #expect(try parse("cache-dump") == .cacheDump)
        #expect(try parse("log-level debug") == .logLevel(.debug))
    }

    @Test(arguments: [
        ("", "no command"), ("   ", "no command"), ("status all", "'all' is not one of"),
        ("flush a..b", "'a..b' is not a domain name"),
        ("flush a all", "'all' is not one of: subtree"),
        ("reload now", "'now' is one word too many"),
        ("log-level", "log-level needs one of: error,"), ("\u{e4}", "one line of ASCII"),
        ("query", "query needs a domain name"), ("query a b", "'b' is not a type"),
        ("query a a all", "'all' is not one of: short"),
        ("STATUS", "'STATUS' is not one of: status, "), ("status\u{1b}[31m", "one line of ASCII"),
    ])
    func saysWhatIsWrong(_ line: String, _ words: String) {
        let mistake = #expect(throws: ControlMistake.self) { try parse(line) }
        #expect(mistake?.description.contains(words) == true, "\(mistake?.description ?? "")")
    }

    @Test func whatChangesSomethingIsForRoot() {
        let forAll = ControlCommand.all.filter { !$0.isPrivileged }.map(\.name)
        #expect(forAll == ["status", "stats", "query", "ping"])
        for command in ControlCommand.all where command.isPrivileged {
            let mistake = #expect(throws: ControlMistake.self) {
                try parse(command.name, isPrivileged: false)
            }
            #expect(mistake?.description == "\(command.name) is for root")
        }
    }
}

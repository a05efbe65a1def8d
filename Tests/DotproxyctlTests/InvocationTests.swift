import Control
import ProgramOptions
import TestSupport
import Testing

@testable import dotproxyctl

@Suite struct InvocationTests {
    private func parse(_ arguments: String...) throws(UsageError) -> Invocation {
        try Invocation.parse(["dotproxyctl"] + arguments)
    }

    private func chosen(_ invocation: Invocation) -> Command? {
        if case .run(let command) = invocation.action { command } else { nil }
    }

    @Test func withoutACommandItIsStatus() throws {
        let invocation = try parse()
        #expect(chosen(invocation)?.name == "status")
        #expect(invocation.socket == "/run/dotproxy/control")
    }

    @Test func optionsStandAnywhere() throws {
        for line in [
            ["--socket", "/s", "flush", "a.test", "--subtree"],
            ["--subtree", "flush", "--socket=/s", "a.test"],
            ["--subt", "--so", "/s", "flush", "a.test"],
        ] {
            let invocation = try Invocation.parse(["dotproxyctl"] + line)
            let command = try #require(chosen(invocation))
            #expect(invocation.socket == "/s")
            #expect(invocation.request(command, invocation.options) == "flush a.test subtree")
        }
    }

    @Test func twoHyphensEndTheOptions() throws {
        let invocation = try parse("flush", "--", "--subtree")
        #expect(invocation.arguments == ["--subtree"])
        #expect(invocation.options.isEmpty)
    }

    @Test(arguments: [
        (["nonsense"], "unknown command 'nonsense'"),
        (["status", "--http"], "status does not take --http"),
        (["reload", "x"], "usage: dotproxyctl reload "),
        (["log-level"], "usage: dotproxyctl log-level LEVEL"),
        (["--socket"], "option '--socket' needs a value"), (["-x"], "unknown option '-x'"),
    ])
    func mistakes(_ arguments: [String], _ message: String) {
        let error = #expect(throws: UsageError.self) {
            try Invocation.parse(["dotproxyctl"] + arguments)
        }
        #expect(error?.description == message)
    }

    @Test func helpFitsATerminal() {
        let lines = Invocation.help.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count < 90 })
    }

    @Test func everyCommandOfTheSocketHasOneHere() {
        let names = Set(Command.all.map(\.name))
        #expect(ControlCommand.all.allSatisfy { names.contains($0.name) })
    }

    private static let options = (Command.allFlags + Command.settings).map { "--\($0)" }

    @Test func manualDescribesEverything() throws {
        let lines = try repositoryLines("man/dotproxyctl.8").map {
            $0.split(separator: "\\").joined()
        }
        let heads = lines.filter { $0.hasPrefix(".B") }
        let words = heads.flatMap { $0.split(whereSeparator: " ,\"[]".contains) }
        for word in Self.options + Command.all.map(\.name) {
            #expect(words.contains { $0 == word }, "\(word) is missing")
        }
        // The protocol, for those who speak it themselves.
        for command in ControlCommand.all {
            #expect(
                lines.contains {
                    $0.hasPrefix(".BR \(command.name)") || $0.hasPrefix(".BI \(command.name)")
                        || $0.hasPrefix(".B \(command.name)")
                })
        }
    }

    @Test func completionOffersEverything() throws {
        let text = try repositoryLines("packaging/completion/dotproxyctl").joined(separator: " ")
        let words = text.split(whereSeparator: " ')".contains)
        for word in Self.options + Command.all.map(\.name) {
            #expect(words.contains { $0 == word }, "\(word) is missing")
        }
    }
}

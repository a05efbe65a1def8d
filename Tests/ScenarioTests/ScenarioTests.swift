import TestSupport
import Testing

/// Plays every file of `Scenarios`; `Scenarios/README.md` says what they may contain.
@Suite struct ScenarioTests {
    static let folder = "Tests/ScenarioTests/Scenarios"

    static let files = (try? repositoryFiles(in: folder))?.filter { $0.hasSuffix(".scn") } ?? []

    @Test func thereAreScenarios() {
        #expect(Self.files.count >= 120)
    }

    @Test(arguments: files)
    func scenario(_ file: String) throws {
        let lines = try repositoryLines("\(Self.folder)/\(file)")
        #expect(lines.first?.hasPrefix("; \(file) — ") == true, "the first line names the behavior")
        var runner = ScenarioRunner(seed: 1)
        var number = 0
        do throws(Violation) {
            for line in lines {
                number += 1
                guard let statement = Statement(line, line: number) else { continue }
                try runner.run(statement)
            }
            try runner.finish()
        } catch {
            let text = number <= lines.count ? lines[number - 1] : ""
            Issue.record(
                "\(file):\(number): \(text)\n    \(error.text)",
                sourceLocation: SourceLocation(
                    fileID: "ScenarioTests/\(file)", filePath: "\(Self.folder)/\(file)",
                    line: number, column: 1))
        }
    }
}

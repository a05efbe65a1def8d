import TestSupport
import Testing

@testable import Daemon

@Suite struct MessageIDTests {
    @Test func manualListsEveryValueOnce() throws {
        let prefix = ".B "
        let lines = try repositoryLines("man/dotproxy.8").filter { $0.hasPrefix(prefix) }
        let values = lines.map { $0.dropFirst(prefix.count) }
            .filter { $0.count == 32 && $0.allSatisfy(\.isHexDigit) }
        #expect(values.map(String.init) == MessageID.allCases.map(\.rawValue))
    }
}

import Glibc
import Testing

@testable import LinuxIO

@Suite struct JournalTests {
    @Test func recognizesTheStreamByDeviceAndInode() throws {
        let pipe = try Pipe()
        var status = stat()
        #expect(fstat(pipe.input.raw, &status) == 0)
        let name = "\(status.st_dev):\(status.st_ino)"
        let fd = pipe.input.raw
        let isStream = { Journal.isStream($0, of: fd) }
        #expect(isStream(name))
        #expect(!isStream("\(status.st_dev):\(status.st_ino + 1)"))
        for nonsense in ["", ":", "1", "\(name):1", "x:y", "-1:-1"] {
            #expect(!isStream(nonsense))
        }
        #expect(!Journal.isStream(name, of: -1))
    }

    @Test func refusesWhatIsNoField() {
        #expect(!Journal.send(fields: ["no equals sign"]))
    }
}

import Glibc
import LinuxIO
import TestServers
import Testing

/// What a process leaves to the next one: answers and TLS tickets.
@Suite struct HandoverTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/memory" }

    init() throws {
        folder = try TemporaryFolder()
        // So that the folder knows the name and removes the file in the end.
        try folder.write([], as: "memory")
        unlink(path)
    }

    private func configuration(_ server: DoTServer) throws -> String {
        try Fixture.configuration([server], sections: "[Cache]\nSize=1M\nPersistFile=\(path)")
    }

    @Test func answersFromMemoryAfterARestart() throws {
        let server = try Fixture.server()
        let text = try configuration(server)
        let first = try RunningDaemon(text, servers: [server])
        let before = try first.client.udp("www.example")
        #expect(before?.addresses == [AnswerBook.address4("www.example")])
        #expect(first.stop() == 0)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        server.stop()
        let second = try RunningDaemon(text, servers: [server])
        let after = try second.client.udp("WWW.example")
        #expect(after?.addresses == [AnswerBook.address4("www.example")])
        #expect(server.record.queriesReceived == 1)
        // Read once, by one process.
        #expect(access(path, F_OK) == -1)
    }

    @Test func resumesTLSAfterARestart() throws {
        let server = try Fixture.server()
        let text = try configuration(server)
        let first = try RunningDaemon(text, servers: [server])
        _ = try first.client.udp("before.example")
        #expect(first.stop() == 0)
        let second = try RunningDaemon(text, servers: [server])
        let reply = try second.client.udp("after.example")
        #expect(reply?.addresses == [AnswerBook.address4("after.example")])
        #expect(server.record.handshakesFull == 1)
        #expect(server.record.handshakesResumed == 1)
    }

    /// The server's addresses are all private.
    @Test func leavesOutWhatTheRulesHaveComeToForbid() throws {
        let server = try Fixture.server()
        let text = try configuration(server)
        let first = try RunningDaemon(text, servers: [server])
        let names: [TestName] = ["www.example", "www.corp.example"]
        for name in names { #expect(try first.client.udp(name)?.addresses.isEmpty == false) }
        #expect(first.stop() == 0)
        let second = try RunningDaemon(
            text + "[Filter]\nProtectPrivate=yes\nPrivateDomain=corp.example\n", servers: [server])
        #expect(try second.client.udp("www.example")?.addresses == [])
        #expect(server.record.queriesReceived == 3)
        #expect(
            try second.client.udp("www.corp.example")?.addresses
                == [AnswerBook.address4("www.corp.example")])
        #expect(server.record.queriesReceived == 3)
    }

    @Test func startsWithoutWhatIsNotFitForUse() throws {
        let server = try Fixture.server()
        let text = try configuration(server)
        let first = try RunningDaemon(text, servers: [server])
        _ = try first.client.udp("www.example")
        #expect(first.stop() == 0)
        var image = try readFile(path: path, limit: 1 << 20)
        image[image.count / 2] ^= 1
        try folder.write(image, as: "memory")
        #expect(chmod(path, 0o600) == 0)
        let second = try RunningDaemon(text, servers: [server])
        let reply = try second.client.udp("www.example")
        #expect(reply?.addresses == [AnswerBook.address4("www.example")])
        #expect(server.record.queriesReceived == 2)
        #expect(server.record.handshakesResumed == 0)
        #expect(access(path, F_OK) == -1)
    }

    @Test func doesNotReadWhatOthersCouldHaveWritten() throws {
        let server = try Fixture.server()
        let text = try configuration(server)
        let first = try RunningDaemon(text, servers: [server])
        _ = try first.client.udp("www.example")
        #expect(first.stop() == 0)
        #expect(chmod(path, 0o660) == 0)
        let second = try RunningDaemon(text, servers: [server])
        _ = try second.client.udp("www.example")
        #expect(server.record.queriesReceived == 2)
    }

    @Test func theServiceManagerKeepsIt() throws {
        let server = try Fixture.server()
        let text = try Fixture.configuration([server], sections: "[Cache]\nSize=1M")
        let manager = try ServiceManagerDouble()
        let first = try DaemonProcess(text, manager: manager)
        try #require(manager.wait(for: "READY=1") != nil)
        let before = try first.client.udp("www.example")
        #expect(before?.addresses == [AnswerBook.address4("www.example")])
        #expect(first.end() == 0)
        let kept = try #require(manager.wait(for: "FDSTORE=1"))
        #expect(kept.text == "FDSTORE=1\nFDNAME=dotproxy-memory")
        let descriptor = try #require(kept.descriptor)
        defer { close(descriptor) }
        #expect(ftruncate(descriptor, 0) == -1)
        server.stop()
        let second = try DaemonProcess(text, manager: manager, kept: descriptor)
        #expect(manager.wait(for: "FDSTOREREMOVE=1\nFDNAME=dotproxy-memory") != nil)
        #expect(manager.wait(for: "READY=1") != nil)
        let after = try second.client.udp("www.example")
        #expect(after?.addresses == [AnswerBook.address4("www.example")])
        #expect(server.record.queriesReceived == 1)
        #expect(second.end() == 0)
    }

    @Test func aDescriptorThatIsNoImageDoesNotKeepItFromStarting() throws {
        let server = try Fixture.server()
        let manager = try ServiceManagerDouble()
        let file = try folder.write([1, 2, 3], as: "noise")
        let descriptor = open(file, O_RDONLY)
        defer { close(descriptor) }
        let daemon = try DaemonProcess(
            Fixture.configuration([server]), manager: manager, kept: descriptor)
        #expect(manager.wait(for: "FDSTOREREMOVE=1") != nil)
        #expect(manager.wait(for: "READY=1") != nil)
        let reply = try daemon.client.udp("www.example")
        #expect(reply?.addresses == [AnswerBook.address4("www.example")])
    }
}

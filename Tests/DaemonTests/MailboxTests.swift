import Testing

@testable import Daemon

@Suite struct MailboxTests {
    @Test func keepsTheOrder() throws {
        let mailbox = try Mailbox<Int>(bound: 4)
        for number in 1...3 { mailbox.post(number) }
        #expect(mailbox.take() == [1, 2, 3])
        #expect(mailbox.take().isEmpty)
    }

    @Test func takesNoMoreThanItsBound() throws {
        let mailbox = try Mailbox<Int>(bound: 2)
        let taken = (1...3).map { mailbox.post($0) }
        #expect(taken == [true, true, false])
        #expect(mailbox.take() == [1, 2])
        #expect(mailbox.post(4))
        #expect(mailbox.take() == [4])
    }
}

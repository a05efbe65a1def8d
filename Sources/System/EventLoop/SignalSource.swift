/// A signal that is taken; dropping it leaves the signal blocked and unread.
public final class SignalSource {
    private let loop: EventLoop
    private let number: CInt

    init(loop: EventLoop, number: CInt) {
        self.loop = loop
        self.number = number
    }

    deinit {
        loop.removeSignal(number)
    }
}

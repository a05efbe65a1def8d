internal import CLinux
internal import Glibc
internal import NetAddress

/// What became of a batch of datagrams.
@frozen
public struct FlushOutcome: Equatable, Sendable {
    public var sent = 0
    public var dropped = 0
    /// Why the last of the dropped ones was dropped.
    public var lastError: Errno?
}

/// Sends datagrams in batches: answers gather in slots and leave with one system call.
///
/// Fill `nextSlot()`, then `commit`; `flush` when the wake-up ends or all slots are taken. UDP
/// promises nothing, so a datagram that cannot leave now is dropped and counted, never kept.
///
/// Datagrams lie one behind the other, each from a cache line on: sixty-four ordinary answers are
/// then 8 KiB of memory and not a page each. They never outgrow the slab, since none takes more of
/// it than its slot would.
public struct DatagramSender: ~Copyable {
    private let slab: DatagramSlab
    /// Slots committed and not flushed.
    private var count = 0
    /// Where the next slot begins.
    private var end = 0

    /// Makes room for `slots` datagrams (at most 1024) of up to `slotSize` octets (at most 65535).
    public init(slots: Int, slotSize: Int) {
        slab = DatagramSlab(slots: slots, slotSize: slotSize)
    }

    /// Whether no slot is free: flush first.
    public var isFull: Bool { count == slab.slots }

    /// Whether there is nothing to flush.
    public var isEmpty: Bool { count == 0 }

    /// The slot that `commit` will take; the sender must not be full.
    @_lifetime(&self)
    public mutating func nextSlot() -> MutableRawSpan {
        let buffer = unsafe slab.buffer(at: end, count: slab.slotSize)
        // The slot lives in the slab; nobody else reaches it while self is being mutated.
        return unsafe _overrideLifetime(MutableRawSpan(_unsafeBytes: buffer), mutating: &self)
    }

    /// Puts the first `length` octets of `nextSlot()` on the way to a peer.
    public mutating func commit(length: Int, to peer: DatagramPeer) {
        place(length)
        unsafe slab.addresses[count] = peer.source
        let controlSize = writeControl(peer.local)
        unsafe slab.messages[count].header.msg_name = UnsafeMutableRawPointer(
            slab.addresses + count)
        unsafe slab.messages[count].header.msg_namelen = peer.source.length
        unsafe slab.messages[count].header.msg_control = slab.control(count)
        unsafe slab.messages[count].header.msg_controllen = controlSize
        count &+= 1
    }

    /// Puts the first `length` octets of `nextSlot()` on the way to who sent a datagram of the
    /// receiver's last batch.
    ///
    /// The address is not copied but sent from where the kernel has put it: `flush` comes before
    /// the receiver's next batch.
    public mutating func commit(
        length: Int, answering index: Int, of receiver: borrowing DatagramReceiver
    ) {
        precondition(index >= 0 && index < receiver.slab.slots)
        let received = unsafe receiver.slab.messages + index
        let controlSize = unsafe clinux_packet_info_turn(&received.pointee.header)
        guard unsafe controlSize > 0 || received.pointee.header.msg_controllen == 0 else {
            return commit(length: length, to: receiver.peer(index))
        }
        place(length)
        unsafe slab.messages[count].header.msg_name = received.pointee.header.msg_name
        unsafe slab.messages[count].header.msg_namelen = received.pointee.header.msg_namelen
        unsafe slab.messages[count].header.msg_control = received.pointee.header.msg_control
        unsafe slab.messages[count].header.msg_controllen = controlSize
        count &+= 1
    }

    /// Lets the next message be what was written to `nextSlot()`.
    @inline(__always)
    private mutating func place(_ length: Int) {
        precondition(!isFull && length >= 0 && length <= slab.slotSize)
        // Nothing here can overflow: lengths are bounded by the slots, and these by the slab.
        unsafe slab.vectors[count] = iovec(
            iov_base: slab.buffer(at: end, count: length).baseAddress, iov_len: length)
        end &+= (length &+ 63) & ~63
    }

    /// Sends everything committed, in order, with as few calls as it takes.
    ///
    /// A datagram the kernel refuses (no route, firewall, full buffer, ...) is dropped, and the
    /// rest still go. At most one failing call is made per datagram, so this cannot loop.
    @inline(never)
    public mutating func flush(to fd: CInt) -> FlushOutcome {
        var outcome = FlushOutcome()
        let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
        var next = 0
        while next < count {
            let result = unsafe clinux_sendmmsg(
                fd, slab.messages + next, UInt32(count - next), flags)
            if result > 0 {
                outcome.sent += Int(result)
                next += Int(result)
                continue
            }
            // The call fails only for the first of its messages; a later one that fails ends the
            // call early and comes first in the next.
            let error = Errno.last
            if result < 0, error == .interrupted { continue }
            outcome.dropped += 1
            outcome.lastError = error
            next += 1
        }
        count = 0
        end = 0
        return outcome
    }

    /// Writes the control message that sets the address to answer from; returns its length.
    private func writeControl(_ local: PacketInfo?) -> Int {
        // Nobody can send from a group address: there the routing table chooses.
        guard let local, !local.destination.isMulticast, !local.destination.isBroadcast else {
            return 0
        }
        let family = local.destination.family == .v4 ? SocketAddress.inet : SocketAddress.inet6
        let info = clinux_packet_info(
            high: local.destination.high, low: local.destination.low,
            interface: local.interface, family: UInt32(family))
        return unsafe clinux_packet_info_write(slab.control(count), info)
    }
}

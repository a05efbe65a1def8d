internal import CLinux
internal import Glibc
public import NetAddress

/// Receives datagrams in batches: one system call fills many slots.
///
/// A query is small and a system call is not: at 200,000 queries per second, receiving one by one
/// costs more than everything else that is done with them. Nothing is allocated after `init`, and
/// only what the kernel overwrites is set again before a call.
public struct DatagramReceiver: ~Copyable {
    let slab: DatagramSlab
    /// Datagrams of the last batch; the slots before it hold them.
    private var received = 0
    /// Slots whose headers the kernel has overwritten.
    private var used: Int

    /// Makes room for `slots` datagrams (at most 1024) of up to `slotSize` octets (at most 65535).
    public init(slots: Int, slotSize: Int) {
        slab = DatagramSlab(slots: slots, slotSize: slotSize)
        used = slots
    }

    /// Receives what is waiting, up to the number of slots; 0 when nothing is.
    ///
    /// The datagrams of the batch before are gone.
    @inline(never)
    public mutating func receive(from fd: CInt) throws(Errno) -> Int {
        prepare()
        while true {
            let count = unsafe clinux_recvmmsg(
                fd, slab.messages, UInt32(slab.slots), CInt(MSG_DONTWAIT))
            if count >= 0 {
                received = Int(count)
                used = received
                return received
            }
            switch Errno.last {
            case .interrupted: continue
            case .wouldBlock: return 0
            case let error: throw error
            }
        }
    }

    /// The octets of a datagram of the last batch.
    @_lifetime(borrow self)
    public func datagram(_ index: Int) -> RawSpan {
        precondition(index < received)
        // Bounded by the slot: `length` is what the kernel copied into it.
        let bytes = unsafe UnsafeRawBufferPointer(
            slab.buffer(index, count: Int(slab.messages[index].length)))
        // The slot lives in the slab, which lives and stays unwritten as long as self is borrowed.
        return unsafe _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }

    /// Whether the datagram was longer than a slot, so that its end is missing.
    public func isTruncated(_ index: Int) -> Bool {
        precondition(index >= 0 && index < received)
        return unsafe slab.messages[index].header.msg_flags & CInt(MSG_TRUNC) != 0
    }

    /// Who sent the datagram; `nil` when that has no IPv4 or IPv6 address.
    public func endpoint(_ index: Int) -> Endpoint? {
        precondition(index >= 0 && index < received)
        return unsafe slab.addresses[index].endpoint(
            length: slab.messages[index].header.msg_namelen)
    }

    /// Who sent the datagram, and to which of our addresses.
    public func peer(_ index: Int) -> DatagramPeer {
        precondition(index >= 0 && index < received)
        let length = unsafe min(
            slab.messages[index].header.msg_namelen, SocketAddress.capacity)
        let source = unsafe slab.addresses[index].normalized(length: length)
        guard unsafe slab.messages[index].header.msg_controllen > 0 else {
            return DatagramPeer(source: source)
        }
        let info = unsafe clinux_packet_info_read(&slab.messages[index].header)
        return DatagramPeer(source: source, local: PacketInfo(info))
    }

    private mutating func prepare() {
        for slot in 0..<used {
            unsafe slab.messages[slot].header.msg_namelen = SocketAddress.capacity
            unsafe slab.messages[slot].header.msg_controllen = DatagramSlab.controlSize
        }
        received = 0
        used = 0
    }
}

extension PacketInfo {
    /// What the kernel told, or `nil` when it told nothing.
    init?(_ info: clinux_packet_info) {
        switch CInt(bitPattern: info.family) {
        case AF_INET:
            let bits = UInt32(truncatingIfNeeded: info.low)
            self.init(destination: IPAddress(v4: bits), interface: info.interface)
        case AF_INET6:
            self.init(
                destination: IPAddress(v6High: info.high, low: info.low), interface: info.interface)
        default:
            return nil
        }
    }
}

internal import CLinux
internal import Glibc

/// The parallel arrays that `recvmmsg` and `sendmmsg` take, made once and used for every batch.
///
/// Every message's header points at its own vector, address, control area and slot of bytes; the
/// links are made once and never change.
@safe
struct DatagramSlab: ~Copyable {
    let slots: Int
    let slotSize: Int
    let messages: UnsafeMutablePointer<clinux_mmsghdr>
    let vectors: UnsafeMutablePointer<iovec>
    let addresses: UnsafeMutablePointer<SocketAddress>
    private let controls: UnsafeMutableRawPointer
    private let bytes: UnsafeMutableRawPointer
    private let stride: Int
    private let byteCount: Int

    /// Octets for the control messages of one datagram; more are cut off.
    static var controlSize: Int { Int(clinux_packet_info_space) }

    /// The kernel takes at most 1024 messages at once (`UIO_MAXIOV`), of at most 64 KiB each.
    init(slots: Int, slotSize: Int) {
        precondition((1...1024).contains(slots) && (1...65535).contains(slotSize))
        self.slots = slots
        self.slotSize = slotSize
        stride = Self.stride(of: slotSize)
        byteCount = slots * stride
        unsafe messages = .allocate(capacity: slots)
        unsafe vectors = .allocate(capacity: slots)
        unsafe addresses = .allocate(capacity: slots)
        unsafe controls = .allocate(byteCount: slots * Self.controlSize, alignment: 64)
        // Slots are handed out as readable memory, so they must never hold what malloc left there.
        unsafe controls.initializeMemory(
            as: UInt8.self, repeating: 0, count: slots * Self.controlSize)
        unsafe bytes = Self.map(byteCount: byteCount)
        for slot in 0..<slots { link(slot) }
    }

    deinit {
        unsafe messages.deallocate()
        unsafe vectors.deallocate()
        unsafe addresses.deallocate()
        unsafe controls.deallocate()
        unsafe munmap(bytes, byteCount)
    }

    /// Zeros from the kernel, which are only there once they are touched: few slots ever are.
    private static func map(byteCount: Int) -> UnsafeMutableRawPointer {
        let memory = unsafe mmap(
            nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
            fatalError("out of memory")
        }
        return unsafe memory
    }

    private func link(_ slot: Int) {
        unsafe addresses.advanced(by: slot).initialize(to: SocketAddress())
        unsafe vectors.advanced(by: slot).initialize(
            to: iovec(iov_base: bytes + slot * stride, iov_len: slotSize))
        unsafe messages.advanced(by: slot).initialize(to: clinux_mmsghdr())
        unsafe messages[slot].header.msg_name = UnsafeMutableRawPointer(addresses + slot)
        unsafe messages[slot].header.msg_iov = vectors + slot
        unsafe messages[slot].header.msg_iovlen = 1
        unsafe messages[slot].header.msg_control = control(slot)
    }

    /// The control area of a slot.
    @inline(__always)
    func control(_ slot: Int) -> UnsafeMutableRawPointer {
        unsafe controls + slot * Self.controlSize
    }

    /// The memory of a slot.
    @inline(__always)
    func buffer(_ slot: Int, count: Int) -> UnsafeMutableRawBufferPointer {
        precondition(slot >= 0 && slot < slots && count >= 0 && count <= slotSize)
        return unsafe buffer(at: slot * stride, count: count)
    }

    /// Memory of the slots taken as one piece, for whoever packs messages of different lengths.
    @inline(__always)
    func buffer(at offset: Int, count: Int) -> UnsafeMutableRawBufferPointer {
        // The only place where an offset becomes an address.
        precondition(offset >= 0 && count >= 0 && count <= byteCount &- offset)
        return unsafe UnsafeMutableRawBufferPointer(start: bytes + offset, count: count)
    }

    /// Octets from one slot to the next: whole cache lines, so that neighbors share none, and an
    /// odd number of them, so that the beginnings of slots, which is all that most messages fill,
    /// do not compete for the same few sets of the cache.
    private static func stride(of slotSize: Int) -> Int {
        let lines = (slotSize + 63) / 64
        return (lines | 1) * 64
    }
}

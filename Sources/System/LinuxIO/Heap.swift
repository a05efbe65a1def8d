internal import CLinux

/// The memory that the C library hands out.
public enum Heap {
    /// Has the heap of each thread begin with `byteCount` octets; beyond that it grows page by page,
    /// with a system call for each.
    ///
    /// What nobody has written to takes no memory. It also has as much kept of a heap that shrinks,
    /// and fixes the size from which each block is mapped by itself at 128 KiB. Call it before there
    /// are threads.
    public static func setFirstExtent(byteCount: CInt) {
        clinux_set_heap_extent(byteCount)
    }
}

internal import CLinux

/// The memory that the C library hands out.
public enum Heap {
    /// Has the heap of each thread grow by `byteCount` octets at a time.
    ///
    /// By itself the heap of any thread but the main one grows page by page, with a system call for
    /// each. What nobody has written to takes no memory. Call it before there are threads.
    public static func setGrowth(byteCount: CInt) {
        clinux_set_heap_growth(byteCount)
    }
}

internal import CLinux

/// The processors of the machine.
public enum Processors {
    /// How many this process may run on, at least 1.
    public static var count: Int { max(1, Int(clinux_processor_count())) }
}

internal import CLinux

/// The code and the constants of the program and its libraries, as they lie in memory.
public enum ProgramImage {
    /// Lets go of their pages; those that are still needed come back as they are touched.
    ///
    /// Linking, reading the configuration and setting up TLS touch many that serving never needs,
    /// and the kernel maps their neighbors with them. Each that returns costs about a microsecond
    /// as long as the kernel has it in memory.
    public static func releasePages() {
        clinux_release_image()
    }
}

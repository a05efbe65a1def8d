internal import CLinux

/// The words of the command line.
public enum ProcessArguments {
    /// All of them, the name of the program first.
    ///
    /// `CommandLine.arguments` reads /proc, and is empty where that is not mounted.
    public static var all: [String] {
        (0..<clinux_argument_count()).compactMap { index in
            unsafe clinux_argument(index).map { unsafe String(cString: $0) }
        }
    }
}

/// The version that all programs of the package tell.
public enum Version {
    public static let text = "0.1.0"
}

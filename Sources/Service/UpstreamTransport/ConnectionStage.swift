/// How far a connection had come when it ended.
public enum ConnectionStage: Sendable, CaseIterable {
    /// TCP was not up.
    case connecting
    /// The server had taken the connection and not said anything.
    case greeted
    /// The server had begun to shake hands.
    case handshaking
    /// The sink was told `connected`.
    case established
}

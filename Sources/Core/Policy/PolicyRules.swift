/// What an operator has decided about queries and answers, ready for use.
///
/// Its parts never change and are shared by the workers.
public struct PolicyRules: Sendable {
    /// Who may ask; `nil` where only this host can.
    public var access: AccessTable?
    /// How often clients may ask that are not exempt.
    public var rateLimit: RateLimit?
    /// Whether who may not ask is told so.
    public var tellsDenied = true
    /// What is answered here.
    public var names: LocalNames?
    /// What is not resolved.
    public var filter: NameFilter?
    /// What is not believed of public servers.
    public var screen: AnswerScreen?

    /// Two secret random numbers, by which clients are told apart.
    public var seed: (UInt64, UInt64) = (0, 0)

    /// Rules that let everything through.
    public init() {}
}

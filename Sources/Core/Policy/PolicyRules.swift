/// What an operator has decided about queries and answers, ready for use.
///
/// Its parts never change and are shared by the workers.
public struct PolicyRules: Sendable {
    /// Who may ask; `nil` where only this host can.
    public var access: AccessTable?
    /// How often clients may ask that are not exempt; `nil` where nobody is counted.
    public var limiter: RateLimiter?
    /// Whether who may not ask is told so.
    public var tellsDenied = true
    /// What is answered here.
    public var names: LocalNames?
    /// What is not resolved.
    public var filter: NameFilter?
    /// What is not believed of public servers.
    public var screen: AnswerScreen?

    /// Rules that let everything through.
    public init() {}
}

/// What is wrong with the lines of a file: the first few, and how many there are.
public struct LineProblems: Equatable, Sendable {
    /// One of them.
    public struct Problem: Equatable, Sendable {
        /// From 1.
        public let line: Int
        public let message: String
    }

    public private(set) var first: [Problem] = []
    public private(set) var count = 0

    public init() {}

    mutating func note(_ line: Int, _ message: @autoclosure () -> String) {
        count += 1
        guard first.count < PolicyLimits.problems else { return }
        first.append(Problem(line: line, message: message()))
    }
}

internal import Policy

/// What each step of a query's way costs.
///
/// Without arguments: a table of times and allocations. `--mallocs`: allocations alone, one
/// operation a line. `--run NAME COUNT`: a query so many times that is forwarded (`forward`, `pair`
/// to one of two upstreams), answered from memory (`hit`; `hit-rules` where special names are
/// answered, `hit-filter` where names are not resolved as well) or turned away, for tools that count;
/// or answers to so many names kept in a full cache (`keep`).
@main
enum Bench {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.isEmpty {
            print(row("operation", "ns min", "ns median", "mallocs"))
            forEachOperation(MeasureVisitor())
        } else if arguments.first == "--mallocs" {
            forEachOperation(MallocVisitor())
        } else if arguments.count == 3, arguments[0] == "--run", let count = Int(arguments[2]) {
            run(arguments[1], count)
        } else {
            printUsage()
        }
    }

    private static func run(_ name: String, _ count: Int) {
        switch name {
        case "forward":
            var operation = ForwardQuery()
            Measurement.consume(operation.run(count))
        case "pair":
            var operation = ForwardQuery(upstreams: 2)
            Measurement.consume(operation.run(count))
        case "hit":
            var operation = AnswerFromMemory()
            Measurement.consume(operation.run(count))
        case "drop", "malformed", "refuse":
            var operation =
                name == "drop"
                ? TurnAway.noQuery : name == "refuse" ? TurnAway.transfer : TurnAway.malformed
            Measurement.consume(operation.run(count))
        case "keep":
            var operation = KeepInFullCache()
            Measurement.consume(operation.run(count))
        case "hit-rules":
            var operation = AnswerFromMemory(rules: SampleRules.standard)
            Measurement.consume(operation.run(count))
        case "hit-filter":
            // What a look into a table takes does not depend on how many names are in it.
            var operation = AnswerFromMemory(rules: SampleRules.filtering(50_000))
            Measurement.consume(operation.run(count))
        default: printUsage()
        }
    }

    private static func printUsage() {
        print(
            "usage: Bench [--mallocs | --run NAME COUNT], NAME one of forward, pair, hit, hit-rules, "
                + "hit-filter, drop, malformed, refuse, keep")
    }

    private static func forEachOperation(_ visitor: some OperationVisitor) {
        visitor.visit(JudgeQuery())
        visitor.visit(FoldQuestion())
        visitor.visit(TakeMessageID())
        visitor.visit(SetTimer())
        visitor.visit(WriteUpstreamQuery())
        visitor.visit(Frame())
        visitor.visit(Deframe())
        visitor.visit(CheckResponse(records: 1))
        visitor.visit(CheckResponse(records: 20))
        visitor.visit(WriteReply(name: "writing of a UDP reply, 20 records", sizeLimit: 1232))
        visitor.visit(WriteReply(name: "writing of a truncated reply", sizeLimit: 300))
        visitor.visit(ForwardQuery())
        visitor.visit(AnswerFromMemory())
        visitor.visit(TurnAway.noQuery)
        visitor.visit(TurnAway.malformed)
        visitor.visit(TurnAway.transfer)
        visitor.visit(
            AnswerFromMemory(name: "the same with special names", rules: SampleRules.standard))
        visitFilter(visitor)
        visitor.visit(CountClients())
        visitor.visit(MissInFullCache())
        visitor.visit(KeepInFullCache())
    }

    private static func visitFilter(_ visitor: some OperationVisitor) {
        let filter = SampleRules.filter(1_000_000)
        visitor.visit(
            LookUpFilter(
                name: "a name not among a million (\(filter.byteCount >> 20) MiB)",
                filter: filter, asking: SampleMessage.question, isBlocked: false))
        visitor.visit(
            LookUpFilter(
                name: "a name below one of a million", filter: filter,
                asking: SampleMessage.question(labels: ["www", "ad999998", "tracker", "com"]),
                isBlocked: true))
    }

    /// One line of the table.
    fileprivate static func row(_ name: String, _ columns: String...) -> String {
        let padding = String(repeating: " ", count: max(36 - name.count, 1))
        return columns.reduce(name + padding) { line, column in
            line + String(repeating: " ", count: max(11 - column.count, 1)) + column
        }
    }
}

/// Something to be done with every operation.
private protocol OperationVisitor {
    func visit(_ operation: consuming some Operation & ~Copyable)
}

private struct MeasureVisitor: OperationVisitor {
    func visit(_ operation: consuming some Operation & ~Copyable) {
        let measured = Measurement(of: &operation)
        print(
            Bench.row(
                measured.name, tenths(measured.minimum), tenths(measured.median),
                "\(measured.mallocs)"))
    }

    private func tenths(_ number: Double) -> String {
        "\((number * 10).rounded() / 10)"
    }
}

private struct MallocVisitor: OperationVisitor {
    func visit(_ operation: consuming some Operation & ~Copyable) {
        let mallocs = Measurement.mallocs(of: &operation)
        print("\(mallocs)\t\(operation.name)")
    }
}

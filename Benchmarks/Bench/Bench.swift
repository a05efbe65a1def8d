/// What each step of a query's way costs.
///
/// Without arguments: a table of times and allocations. `--mallocs`: allocations alone, one
/// operation a line. `--run COUNT`: a forwarded query so many times, for tools that count.
@main
enum Bench {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.isEmpty {
            print(row("operation", "ns min", "ns median", "mallocs"))
            forEachOperation(MeasureVisitor())
        } else if arguments.first == "--mallocs" {
            forEachOperation(MallocVisitor())
        } else if arguments.first == "--run", let count = arguments.last.flatMap({ Int($0) }) {
            var operation = ForwardQuery()
            Measurement.consume(operation.run(count))
        } else {
            print("usage: Bench [--mallocs | --run COUNT]")
        }
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

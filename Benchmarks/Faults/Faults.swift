import FaultTable
import Glibc
import NetAddress
import TestServers

/// Prints the table of faults for each of the subjects that the environment names.
///
/// Usage: Faults [ROW...]
@main struct Faults {
    static func main() throws {
        let wanted = Set(CommandLine.arguments.dropFirst())
        let rows = FaultRow.all.filter { wanted.isEmpty || wanted.contains($0.name) }
        let products = try Product.chosen()
        let authority = try CertificateAuthority()
        let hasNetwork = geteuid() == 0 && rows.contains(where: \.needsNetwork)
        if hasNetwork { try TestNetwork.make() }
        print("| Fault | Target | " + products.map(\.rawValue).joined(separator: " | ") + " |")
        print("|---|---|" + String(repeating: "---|", count: products.count))
        var isMet = true
        for row in rows where hasNetwork || !row.needsNetwork {
            var cells: [String] = []
            for product in products {
                let bench = Bench(authority: authority) { upstreams in
                    try SubjectProcess(
                        product, asking: upstreams, authority: authority,
                        inNetwork: row.needsNetwork)
                }
                let finding = try? row.run(bench)
                let text = finding?.text ?? "could not be tried"
                cells.append(finding?.meetsTarget == true ? text : "**\(text)**")
                if product == .dotproxy, finding?.meetsTarget != true { isMet = false }
            }
            print("| \(row.fault) | \(row.target) | " + cells.joined(separator: " | ") + " |")
            fflush(nil)
        }
        // Not deferred: exit() does not come back.
        if hasNetwork { TestNetwork.remove() }
        exit(isMet ? 0 : 1)
    }
}

internal import Collections
public import NetAddress

/// Who may ask, and whose queries are counted.
///
/// Never changes, so that workers can share it; a new one takes its place.
public final class AccessTable: Sendable {
    /// What is known of a client before its query is looked at.
    public enum Standing: UInt8, Sendable {
        case denied
        case allowed
        /// Allowed, and asks as often as it likes.
        case exempt
    }

    private let v4: RangeTable
    private let v6: RangeTable
    /// Whether nothing is said of this host in particular, which may do everything then.
    private let trustsLoopback: Bool

    /// Makes the table; the longest prefix counts, and of two that are the same that of `denied`.
    ///
    /// The host itself is allowed unless a prefix says otherwise.
    public init(allowed: [AddressPrefix], denied: [AddressPrefix], exempt: [AddressPrefix]) {
        let hosts = Self.loopback
        trustsLoopback = !denied.contains { prefix in
            hosts.contains { $0.contains(prefix.address) || prefix == $0 }
        }
        let rules =
            hosts.map { ($0, Standing.exempt) } + allowed.map { ($0, .allowed) }
            + denied.map { ($0, .denied) }
        v4 = RangeTable(rules, exempt: exempt, family: .v4)
        v6 = RangeTable(rules, exempt: exempt, family: .v6)
    }

    /// The addresses that only this host has.
    private static let loopback = [
        AddressPrefix(IPAddress(v4: 0x7f00_0000), length: 8),
        AddressPrefix(IPAddress(v6High: 0, low: 1), length: 128),
    ].compactMap(\.self)

    /// What is known of whoever has `address`.
    @inline(__always)
    public func standing(of address: IPAddress) -> Standing {
        if trustsLoopback, address.isLoopback { return .exempt }
        return lookUp(address.unmapped)
    }

    @inline(never)
    private func lookUp(_ address: IPAddress) -> Standing {
        let value = address.family == .v4 ? v4.value(of: address) : v6.value(of: address)
        return Standing(rawValue: value) ?? .denied
    }
}

/// The addresses of one family cut into ranges, in each of which all stand the same.
private struct RangeTable: ~Copyable, Sendable {
    // Invariants:
    //   starts are in order and the first is zero
    //   values[i] holds from starts[i] to the next start
    private let starts: FixedArray<UInt128>
    private let values: FixedArray<UInt8>

    init(
        _ rules: [(AddressPrefix, AccessTable.Standing)], exempt: [AddressPrefix],
        family: IPAddress.Family
    ) {
        let rules = rules.filter { $0.0.address.family == family }
        let exempt = exempt.filter { $0.address.family == family }
        let all = rules.map(\.0) + exempt
        let bounds = Set([0] + all.flatMap { [$0.first, $0.afterLast].compactMap(\.self) }).sorted()
        var starts = FixedArray(repeating: UInt128(0), count: bounds.count)
        var values = FixedArray(repeating: UInt8(0), count: bounds.count)
        for (index, bound) in bounds.enumerated() {
            starts[index] = bound
            values[index] = Self.standing(of: bound, rules, exempt).rawValue
        }
        self.starts = starts
        self.values = values
    }

    /// What the rules say; later ones of the same length count more.
    private static func standing(
        of bits: UInt128, _ rules: [(AddressPrefix, AccessTable.Standing)],
        _ exempt: [AddressPrefix]
    ) -> AccessTable.Standing {
        var standing = AccessTable.Standing.denied
        var length = -1
        for (prefix, value) in rules where prefix.holds(bits) && prefix.length >= length {
            standing = value
            length = prefix.length
        }
        let isExempt = standing == .allowed && exempt.contains { $0.holds(bits) }
        return isExempt ? .exempt : standing
    }

    func value(of address: IPAddress) -> UInt8 {
        let bits = address.bits
        var low = 0
        var high = starts.count
        while high &- low > 1 {
            let middle = (low &+ high) / 2
            if starts[middle] <= bits { low = middle } else { high = middle }
        }
        return values[low]
    }
}

extension IPAddress {
    fileprivate var bits: UInt128 { UInt128(high) << 64 | UInt128(low) }
}

extension AddressPrefix {
    private var hostBits: Int { address.family.bitCount - length }

    fileprivate var first: UInt128 { address.bits }

    /// The first address behind the prefix; `nil` if it reaches the end.
    fileprivate var afterLast: UInt128? {
        let (next, overflow) = first.addingReportingOverflow(
            hostBits == 128 ? 0 : UInt128(1) << UInt128(hostBits))
        return overflow || next == 0 ? nil : next
    }

    fileprivate func holds(_ bits: UInt128) -> Bool { (bits ^ first) >> UInt128(hostBits) == 0 }
}

internal import NetAddress

// The keys of what an operator decides about queries and answers.
extension ConfigurationKey {
    static let access: [Row] = [
        Row("Allow") {
            $0.list(
                \.access.allowed, .prefix, limit: Limits.prefixes, alike: ==,
                "Clients that may ask.")
        },
        Row("Deny") {
            $0.list(
                \.access.denied, .prefix, limit: Limits.prefixes, alike: ==,
                "Clients that may not ask, although a shorter prefix allows them.")
        },
        Row("Denied") {
            $0.scalar(
                \.access.refusal, .word(AccessRefusal.allCases.map { ($0.rawValue, $0) }),
                "What clients that may not ask are told.")
        },
        Row("RateLimit") {
            $0.scalar(
                \.access.rateLimit, .number(0...100_000),
                "The number of queries that a client may ask in a second over UDP; 0 counts none.")
        },
        Row("RateBurst") {
            $0.scalar(
                \.access.rateBurst, .number(1...100_000),
                "The number of queries that a client may ask at once over UDP.")
        },
        Row("RateExempt") {
            $0.list(
                \.access.rateExempt, .prefix, limit: Limits.prefixes,
                alike: ==, "Clients that may ask as often as they like.")
        },
        Row("RatePrefix4") {
            $0.scalar(
                \.access.ratePrefixV4, .number(8...32),
                "How many bits of an IPv4 address tell clients apart.")
        },
        Row("RatePrefix6") {
            $0.scalar(
                \.access.ratePrefixV6, .number(16...128),
                "How many bits of an IPv6 address tell clients apart.")
        },
    ]

    static let local: [Row] = [
        Row("Hosts") {
            $0.scalar(\.local.hosts, .hosts, "The file that names of hosts are read from.")
        },
        Row("Record") {
            $0.list(
                \.local.records, .record, limit: Limits.records, alike: ==,
                "A record that is answered here.")
        },
        Row("Forward") {
            $0.list(
                \.local.forwarded, .domain, limit: Limits.names, alike: ==,
                "A special name that is asked for like any other, with all names below it.")
        },
    ]

    static let filter: [Row] = [
        Row("List") {
            $0.list(
                \.filter.lists, .path, limit: Limits.lists, alike: ==,
                "A file of names that are not resolved.")
        },
        Row("Allow") {
            $0.list(
                \.filter.allowed, .domain, limit: Limits.names, alike: ==,
                "A name that is resolved all the same, with all names below it.")
        },
        Row("Answer") {
            $0.scalar(
                \.filter.answer, .word(FilterAnswer.allCases.map { ($0.rawValue, $0) }),
                "What is answered instead of what is not resolved.")
        },
        Row("ProtectPrivate") {
            $0.scalar(
                \.filter.protectsPrivate, .boolean,
                "Whether answers of public servers may not lead to private addresses.")
        },
        Row("PrivateDomain") {
            $0.list(
                \.filter.privateDomains, .domain, limit: Limits.names, alike: ==,
                "A name that may lead to private addresses all the same, with all names below it.")
        },
    ]
}

internal import NetAddress

// The keys of what an operator decides about queries and answers.
extension ConfigurationKey {
    static let access = [
        list(
            "Access", "Allow", \.access.allowed, .prefix, limit: Limits.prefixes, alike: ==,
            "Clients that may ask."),
        list(
            "Access", "Deny", \.access.denied, .prefix, limit: Limits.prefixes, alike: ==,
            "Clients that may not ask, although a shorter prefix allows them."),
        scalar(
            "Access", "Denied", \.access.refusal,
            .word(AccessRefusal.allCases.map { ($0.rawValue, $0) }),
            "What clients that may not ask are told."),
        scalar(
            "Access", "RateLimit", \.access.rateLimit, .number(0...100_000),
            "The number of queries that a client may ask in a second over UDP; 0 counts none."),
        scalar(
            "Access", "RateBurst", \.access.rateBurst, .number(1...100_000),
            "The number of queries that a client may ask at once over UDP."),
        list(
            "Access", "RateExempt", \.access.rateExempt, .prefix, limit: Limits.prefixes,
            alike: ==, "Clients that may ask as often as they like."),
        scalar(
            "Access", "RatePrefix4", \.access.ratePrefixV4, .number(8...32),
            "How many bits of an IPv4 address tell clients apart."),
        scalar(
            "Access", "RatePrefix6", \.access.ratePrefixV6, .number(16...128),
            "How many bits of an IPv6 address tell clients apart."),
    ]

    static let local = [
        scalar(
            "Local", "Hosts", \.local.hosts, .hosts,
            "The file that names of hosts are read from."),
        list(
            "Local", "Record", \.local.records, .record, limit: Limits.records, alike: ==,
            "A record that is answered here."),
        list(
            "Local", "Forward", \.local.forwarded, .domain, limit: Limits.names, alike: ==,
            "A special name that is asked for like any other, with all names below it."),
    ]

    static let filter = [
        list(
            "Filter", "List", \.filter.lists, .path, limit: Limits.lists, alike: ==,
            "A file of names that are not resolved."),
        list(
            "Filter", "Allow", \.filter.allowed, .domain, limit: Limits.names, alike: ==,
            "A name that is resolved all the same, with all names below it."),
        scalar(
            "Filter", "Answer", \.filter.answer,
            .word(FilterAnswer.allCases.map { ($0.rawValue, $0) }),
            "What is answered instead of what is not resolved."),
        scalar(
            "Filter", "ProtectPrivate", \.filter.protectsPrivate, .boolean,
            "Whether answers of public servers may not lead to private addresses."),
        list(
            "Filter", "PrivateDomain", \.filter.privateDomains, .domain, limit: Limits.names,
            alike: ==,
            "A name that may lead to private addresses all the same, with all names below it."),
    ]
}

// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target of the product: language mode 6, `unsafe` must be spelled out, no warnings.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    // Small helpers of another module are otherwise called, not inlined.
    .unsafeFlags(["-cross-module-optimization"], .when(configuration: .release)),
]

/// Tests and their helpers talk to C freely, so `unsafe` is not spelled out there.
let relaxed: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableExperimentalFeature("Lifetimes"),
]

/// `make fuzz` sets this; ordinary builds never see the fuzz targets.
let fuzzing = Context.environment["DOTPROXY_FUZZ"] != nil
let instrumented: [SwiftSetting] =
    fuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address"])] : []

/// The modules that keep what a query touches in classes, unguarded in the release.
///
/// Swift checks that no property of a class is entered twice at the same time. Whatever is built
/// for debugging, so every test, has these checks; they are a tenth of the release's time outside
/// the kernel.
let drivers: Set = ["Daemon", "EventLoop", "Frontend", "UpstreamTransport"]
let unguarded: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

func module(
    _ layer: String, _ name: String, _ dependencies: [Target.Dependency] = [],
    linking libraries: [LinkerSetting] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/\(layer)/\(name)",
        swiftSettings: strict + instrumented + (drivers.contains(name) ? unguarded : []),
        linkerSettings: libraries)
}

func support(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Tests/\(name)",
        exclude: name == "TestServers" ? ["README.md"] : [], swiftSettings: relaxed)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], resources: resources,
        swiftSettings: relaxed)
}

let package = Package(
    name: "dotproxy",
    products: [
        .executable(name: "dotproxy", targets: ["dotproxy"]),
        .executable(name: "dotproxyctl", targets: ["dotproxyctl"]),
    ],
    targets: [
        // The C boundary.
        .target(
            name: "CLinux", path: "Sources/System/CLinux", cSettings: [.define("_GNU_SOURCE")]),
        .systemLibrary(
            name: "CSystemd", path: "Sources/System/CSystemd", pkgConfig: "libsystemd",
            providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(
            name: "CGnuTLS", path: "Sources/System/CGnuTLS", pkgConfig: "gnutls",
            providers: [.apt(["libgnutls28-dev"])]),
        // Linked as archives: few ask for dnstap, and each library to load costs every start.
        .systemLibrary(
            name: "CFstrm", path: "Sources/System/CFstrm", providers: [.apt(["libfstrm-dev"])]),
        .target(
            name: "CDnstap", path: "Sources/System/CDnstap",
            linkerSettings: [.linkedLibrary(":libprotobuf-c.a")]),

        // Core: decides; the standard library and nothing else.
        module("Core", "NetAddress"),
        module("Core", "Collections", ["NetAddress"]),
        module("Core", "DNSWire"),
        module("Core", "DNSText", ["DNSWire", "NetAddress"]),
        module("Core", "DNSCache", ["Collections", "DNSWire", "NetAddress"]),
        module("Core", "Configuration", ["NetAddress"]),
        module("Core", "Policy", ["Collections", "DNSWire", "NetAddress"]),
        module("Core", "Upstream", ["Collections", "NetAddress"]),
        module(
            "Core", "Forwarder",
            ["Collections", "DNSCache", "DNSWire", "NetAddress", "Policy", "Upstream"]),

        // System: wraps what the machine offers; knows no DNS.
        module("System", "LinuxIO", ["CLinux", "CSystemd", "Collections", "NetAddress"]),
        module("System", "EventLoop", ["CSystemd", "LinuxIO", "NetAddress"]),
        module("System", "TLS", ["CGnuTLS", "Collections", "LinuxIO", "NetAddress"]),

        module(
            "System", "FrameStream", ["CFstrm", "Collections", "LinuxIO", "NetAddress"],
            linking: [.linkedLibrary(":libfstrm.a")]),

        // Service: runs on a real machine.
        module("Service", "ProgramOptions"),
        module(
            "Service", "Control",
            [
                "Collections", "Configuration", "DNSText", "DNSWire", "EventLoop", "LinuxIO",
                "NetAddress",
            ]),
        module(
            "Service", "Frontend",
            ["Collections", "DNSWire", "EventLoop", "LinuxIO", "NetAddress"]),
        module(
            "Service", "UpstreamTransport",
            ["Collections", "DNSWire", "EventLoop", "LinuxIO", "NetAddress", "TLS"]),
        module(
            "Service", "Daemon",
            [
                "CDnstap", "CSystemd", "Collections", "Configuration", "Control", "DNSCache",
                "DNSText", "DNSWire", "EventLoop", "Forwarder", "FrameStream", "Frontend",
                "LinuxIO", "NetAddress", "Policy", "ProgramOptions", "TLS", "Upstream",
                "UpstreamTransport",
            ]),
        .executableTarget(
            name: "dotproxy",
            dependencies: ["Configuration", "Daemon", "LinuxIO", "NetAddress", "ProgramOptions"],
            swiftSettings: strict),
        .executableTarget(
            name: "dotproxyctl",
            dependencies: [
                "Collections", "Configuration", "Control", "DNSText", "DNSWire", "Daemon",
                "LinuxIO", "NetAddress", "ProgramOptions", "TLS",
            ],
            swiftSettings: strict),

        // Tests mirror Sources.
        support("TestSupport", ["DNSWire", "NetAddress", "Policy"]),
        support("TestServers", ["CGnuTLS", "CLinux", "DNSWire", "NetAddress", "TestSupport"]),
        support("FaultTable", ["NetAddress", "TestServers"]),
        tests("NetAddressTests", ["NetAddress"]),
        tests("CollectionsTests", ["Collections", "NetAddress"]),
        tests("DNSWireTests", ["DNSWire"]),
        tests("DNSCacheTests", ["Collections", "DNSCache", "DNSWire", "NetAddress"]),
        tests("ConfigurationTests", ["Configuration", "NetAddress"]),
        tests("DotproxyTests", ["Configuration", "ProgramOptions", "dotproxy"]),
        tests("DotproxyctlTests", ["Control", "ProgramOptions", "dotproxyctl"]),
        tests("DNSTextTests", ["DNSText", "DNSWire"]),
        tests(
            "ControlTests",
            ["Configuration", "Control", "EventLoop", "LinuxIO", "NetAddress", "TestServers"]),
        tests("PolicyTests", ["Collections", "DNSWire", "NetAddress", "Policy"]),
        tests("UpstreamTests", ["NetAddress", "Upstream"]),
        tests("ForwarderTests", ["DNSCache", "DNSWire", "Forwarder", "NetAddress", "Upstream"]),
        tests(
            "ScenarioTests",
            ["DNSCache", "DNSWire", "Forwarder", "NetAddress", "Policy", "Upstream"],
            resources: [.copy("Scenarios")]),
        tests("LinuxIOTests", ["CLinux", "LinuxIO", "NetAddress"]),
        tests(
            "FrontendTests", ["Collections", "EventLoop", "Frontend", "LinuxIO", "NetAddress"]),
        tests("FrameStreamTests", ["FrameStream", "LinuxIO", "NetAddress", "TestServers"]),
        tests("EventLoopTests", ["EventLoop", "LinuxIO", "NetAddress"]),
        tests("TLSTests", ["CGnuTLS", "LinuxIO", "NetAddress", "TLS", "TestServers"]),
        tests(
            "UpstreamTransportTests",
            [
                "Collections", "EventLoop", "LinuxIO", "NetAddress", "TLS", "TestServers",
                "Upstream", "UpstreamTransport",
            ]),
        tests(
            "DaemonTests",
            [
                "Configuration", "Control", "DNSCache", "Daemon", "FaultTable", "Forwarder",
                "FrameStream", "Frontend",
                "LinuxIO",
                "NetAddress", "Policy", "TLS", "TestServers", "Upstream", "UpstreamTransport",
            ]),

        .executableTarget(
            name: "Faults", dependencies: ["FaultTable", "NetAddress", "TestServers"],
            path: "Benchmarks/Faults", swiftSettings: relaxed),
        .executableTarget(
            name: "Bench",
            dependencies: [
                "CMallocCount", "Collections", "DNSCache", "DNSWire", "Forwarder", "NetAddress",
                "Policy",
                "Upstream",
            ],
            path: "Benchmarks/Bench", swiftSettings: strict),
        // It is malloc: the compiler must not take it for a function that it knows.
        .target(
            name: "CMallocCount", path: "Benchmarks/CMallocCount",
            cSettings: [.unsafeFlags(["-fno-builtin"])]),
    ]
)

if fuzzing {
    func fuzzTarget(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
        .executableTarget(
            name: name, dependencies: dependencies + ["CFuzzer"], path: "Fuzz/\(name)",
            swiftSettings: strict + instrumented,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])])
    }
    package.targets += [
        .target(name: "CFuzzer", path: "Fuzz/CFuzzer"),
        fuzzTarget("FuzzMessage", ["DNSWire", "TestSupport"]),
        fuzzTarget("FuzzFrame", ["Collections", "DNSWire", "TestSupport"]),
        fuzzTarget("FuzzConfiguration", ["Configuration"]),
        fuzzTarget("FuzzImage", ["DNSCache"]),
        fuzzTarget("FuzzAddresses", ["Forwarder"]),
        fuzzTarget("FuzzLists", ["TestSupport"]),
        fuzzTarget("FuzzControl", ["Control", "DNSText", "DNSWire"]),
    ]
}

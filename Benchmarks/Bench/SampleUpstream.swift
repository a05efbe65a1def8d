internal import NetAddress

/// The servers that are asked.
enum SampleUpstream {
    static let server = servers(1)[0]

    static func servers(_ count: Int) -> [UpstreamServer] {
        (1...UInt32(count)).map { number in
            UpstreamServer(
                endpoint: Endpoint(address: IPAddress(v4: 0xc000_0200 + number), port: 853),
                name: ServerName("dot.example"))
        }
    }
}

/// Numbers that are the same in every run, so that runs can be compared.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64 = 0

    mutating func next() -> UInt64 {
        // The finalizer of SplitMix64.
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}

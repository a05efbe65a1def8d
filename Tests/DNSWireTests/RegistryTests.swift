import DNSWire
import Testing

/// The numbers of the IANA registries, written a second time.
@Suite struct RegistryTests {
    @Test func recordTypes() {
        let types: [RecordType] = [
            .a, .ns, .cname, .soa, .ptr, .mx, .txt, .aaaa, .srv, .dname, .opt, .tkey, .tsig, .ixfr,
            .axfr, .mailb, .maila, .any,
        ]
        let numbers: [UInt16] = [
            1, 2, 5, 6, 12, 15, 16, 28, 33, 39, 41, 249, 250, 251, 252, 253, 254, 255,
        ]
        #expect(types.map(\.rawValue) == numbers)
    }

    @Test func recordClasses() {
        let classes: [RecordClass] = [.reserved, .internet, .none, .any]
        #expect(classes.map(\.rawValue) == [0, 1, 254, 255])
    }

    @Test func responseCodes() {
        let codes: [ResponseCode] = [
            .noError, .formatError, .serverFailure, .nameError, .notImplemented, .refused,
            .badVersion,
        ]
        #expect(codes.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 16])
    }

    @Test func extendedErrorCodes() {
        let codes: [ExtendedErrorCode] = [
            .other, .notReady, .notAuthoritative, .notSupported, .noReachableAuthority,
            .networkError, .invalidData,
        ]
        #expect(codes.map(\.rawValue) == [0, 14, 20, 21, 22, 23, 24])
    }

    @Test func optionCodes() {
        #expect([EDNS.Option.keepalive, EDNS.Option.padding] == [11, 12])
        #expect(EDNS.Option.extendedError == 15)
    }
}

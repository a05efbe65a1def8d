import Configuration
import TestSupport
import Testing

@Suite struct ConfigurationTextTests {
    @Test func textIsTheSyntaxOfTheFile() throws {
        let text = try configuration(server).text
        #expect(
            text == """
                [Upstream]
                Server=192.0.2.1:853
                Bootstrap=
                Timeout=4.5s
                Policy=ordered
                MaxConnections=2
                MaxInFlight=3072
                KeepWarm=no

                [TLS]
                CAFile=
                MinimumVersion=1.2
                PaddingBlock=128
                ClockGrace=no

                [Cache]
                Size=16M
                MinimumTTL=0s
                MaximumTTL=1d
                NegativeMaximumTTL=1h
                ServeStale=1d
                Prefetch=yes
                TrustNXDomain=no
                PersistFile=

                [Listen]
                Address=
                Workers=auto
                MaximumUDPSize=1232
                TCPClients=1000
                TCPQueriesPerClient=100
                TCPIdleTimeout=10s

                [Access]
                Allow=
                Deny=
                Denied=refuse
                RateLimit=1000
                RateBurst=2000
                RateExempt=
                RatePrefix4=32
                RatePrefix6=56

                [Local]
                Hosts=yes
                Record=
                Forward=

                [Filter]
                List=
                Allow=
                Answer=nxdomain
                ProtectPrivate=no
                PrivateDomain=

                [Log]
                Level=info
                QueryLog=none
                DnstapSocket=/run/dnstap.sock

                [Control]
                Socket=

                """)
    }

    @Test(arguments: ["every-key.conf", "crlf.conf", "shipped.conf"])
    func textParsesToAnEqualValue(name: String) throws {
        let bytes = try repositoryFile("Fuzz/Corpus/FuzzConfiguration/\(name)")
        let parsed = try Configuration.parse([SourceFile(name: name, bytes: bytes)])
        let again = try configuration(parsed.text)
        #expect(again == parsed)
        #expect(parsed != .default)
    }
}

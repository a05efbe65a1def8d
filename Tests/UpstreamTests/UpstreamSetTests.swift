import Testing

@testable import Upstream

@Suite struct UpstreamSetTests {
    @Test func holdsEveryPlaceByItself() {
        for place in 0..<Limits.upstreamPlaces {
            var set = UpstreamSet()
            set.insert(place)
            #expect((0..<Limits.upstreamPlaces).filter { set.contains($0) } == [place])
        }
    }
}

internal import NetAddress
internal import Upstream

/// How an upstream stands, in words: one upstream as all workers see it.
struct UpstreamSummary {
    private var worst: UpstreamReport
    private var figures = UpstreamFigures()

    /// What the workers say of the same upstream; `nil` where none says anything.
    init?(_ views: [UpstreamReport]) {
        let order = UpstreamStanding.allCases
        let worst = views.max { one, other in
            order.firstIndex(of: one.standing) ?? 0 < order.firstIndex(of: other.standing) ?? 0
        }
        guard let worst else { return nil }
        self.worst = worst
        for view in views { figures.add(view.figures) }
    }

    /// The server and how it stands with the worker that is worst off with it.
    var standing: String {
        switch worst.standing {
        case .down, .probing: "\(worst.name) \(worst.standing.rawValue) (\(worst.failureText))"
        case .untried, .healthy, .suspect: "\(worst.name) \(worst.standing.rawValue)"
        }
    }

    /// The same with what it was asked and how it did.
    var text: String {
        guard figures.queries > 0 || figures.failures > 0 else { return standing }
        return "\(standing) [\(Self.words(figures))]"
    }

    static func words(_ figures: UpstreamFigures) -> String {
        let times =
            figures.answers == 0
            ? ""
            : "\(figures.median.milliseconds), 95 % in \(figures.percentile95.milliseconds), "
        return times + "\(figures.queries) queries, \(figures.failures) failures"
    }
}

extension Interval {
    /// `12.3 ms`.
    var milliseconds: String {
        let tenths = (microseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}

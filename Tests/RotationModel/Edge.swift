/// The comparisons that hold at the very end of their span.
///
/// With times in whole ticks, as stored, they are exact. A tick can also stand for a span of time:
/// then two ages that are equal in ticks may really lie on either side, and both must be tried.
struct Edge: OptionSet, Sendable {
    let rawValue: UInt8

    static let handed = Edge(rawValue: 1)
    static let confirmed = Edge(rawValue: 2)
    /// The two of a mutant that counts repetitions apart.
    static let repeated = Edge(rawValue: 4)
    static let settled = Edge(rawValue: 8)
    static let exact: Edge = .settled

    /// Every way in which the comparisons of a chain may turn out.
    static func all(of chain: Chain, window: Int, isDense: Bool) -> [Edge] {
        var edges = [Edge.exact]
        guard isDense else { return edges }
        if chain.handed == window { edges += edges.map { $0.union(.handed) } }
        if chain.confirmed == window { edges += edges.map { $0.union(.confirmed) } }
        if chain.apart.repeated == window { edges += edges.map { $0.union(.repeated) } }
        if chain.apart.settling == 0 { edges += edges.map { $0.subtracting(.settled) } }
        return edges
    }
}

/// The comparisons with W that are true when an age equals W in ticks.
///
/// If times are whole ticks, as stored, comparisons are exact. If a tick represents a span of time,
/// ages that are equal in ticks may really differ in either direction, and both must be tried.
struct Edge: OptionSet, Sendable {
    let rawValue: UInt8

    static let sinceIssued = Edge(rawValue: 1)
    static let sinceFirstUse = Edge(rawValue: 2)
    /// The two comparisons of the mutant that counts repetitions separately.
    static let repeated = Edge(rawValue: 4)
    static let settled = Edge(rawValue: 8)
    static let exact: Edge = .settled

    /// Returns every combination of results that the comparisons of a family may have.
    static func all(of family: FamilyState, window: Int, isDense: Bool) -> [Edge] {
        var edges = [Edge.exact]
        guard isDense else { return edges }
        if family.sinceIssued == window { edges += edges.map { $0.union(.sinceIssued) } }
        if family.sinceFirstUse == window { edges += edges.map { $0.union(.sinceFirstUse) } }
        if family.apart.repeated == window { edges += edges.map { $0.union(.repeated) } }
        if family.apart.settling == 0 { edges += edges.map { $0.subtracting(.settled) } }
        return edges
    }
}

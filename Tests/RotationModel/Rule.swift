/// The rotation rule, in the form of the table in docs/rotation.md.
package struct Rule: Sendable {
    /// W.
    package var window: Int
    /// The part of the rule that is broken on purpose, if any.
    package var mutant: Mutant?
    /// The comparisons that are true when an age equals the window.
    var edge = Edge.exact

    /// Makes the rule for a window.
    package init(window: Int, mutant: Mutant? = nil) {
        self.window = window
        self.mutant = mutant
    }

    /// Returns the server's decision and the new state.
    package func step(_ family: FamilyState, _ presented: Presentation) -> (Decision, FamilyState) {
        guard family.isLive else { return (.refused, family) }
        if let mutant, let step = mutant.step(family, presented, under: self) { return step }
        switch presented {
        case .refresh(let position): return refresh(family, position)
        case .strictRefresh(let position, let key): return strictRefresh(family, position, key)
        case .access(let position): return access(family, position)
        }
    }

    private func refresh(_ family: FamilyState, _ position: TokenPosition) -> (
        Decision, FamilyState
    ) {
        switch position {
        case .newest where !family.hasPrevious || !isRecentlyIssued(family):
            return (.rotated, rotated(family))
        case .newest:
            return (.accessTokenOnly, family)
        case .previous where family.hasPrevious && isRecentlyIssued(family) && !isClosed(family),
            .sibling where isRecentlyIssued(family) && !isClosed(family):
            return (.reissued, issuedAgain(family))
        case .previous where family.hasPrevious && family.sinceFirstUse == nil:
            return (.replaced, replaced(family))
        case .previous, .sibling, .older, .fork:
            return ended(family)
        }
    }

    private func strictRefresh(
        _ family: FamilyState, _ position: TokenPosition, _ key: UInt8?
    ) -> (Decision, FamilyState) {
        switch position {
        case .newest:
            var next = rotated(family)
            next.hasPrevious = false
            next.key = key
            return (.rotated, next)
        case .previous
        where !family.hasPrevious && key != nil && key == family.key && !isClosed(family):
            return (.reissued, family)
        case .previous, .sibling, .older, .fork:
            return ended(family)
        }
    }

    private func access(_ family: FamilyState, _ position: TokenPosition) -> (Decision, FamilyState)
    {
        switch position {
        case .newest:
            var next = family
            next.sinceFirstUse = family.sinceFirstUse ?? 0
            return (.accepted, next)
        case .sibling where !isRecentlyIssued(family):
            return ended(family)
        case .sibling, .previous, .older, .fork:
            return (.accepted, family)
        }
    }

    // MARK: New states

    func rotated(_ family: FamilyState) -> FamilyState {
        var next = replaced(family)
        next.hasPrevious = true
        return next
    }

    func replaced(_ family: FamilyState) -> FamilyState {
        var next = family
        next.sinceIssued = 0
        next.sinceFirstUse = nil
        next.key = nil
        next.apart = .init()
        return next
    }

    func issuedAgain(_ family: FamilyState) -> FamilyState {
        var next = family
        next.sinceIssued = 0
        return next
    }

    func ended(_ family: FamilyState) -> (Decision, FamilyState) {
        var next = family
        next.isLive = false
        return (.refused, next)
    }

    // MARK: Comparisons with W

    /// Returns whether n was issued less than W ago, so that a client may not have received it yet.
    func isRecentlyIssued(_ family: FamilyState) -> Bool {
        isRecent(family.sinceIssued, .sinceIssued)
    }

    /// Returns whether n has been in use for W or longer: an older token cannot come from a tab then.
    func isClosed(_ family: FamilyState) -> Bool {
        family.sinceFirstUse.map { !isRecent($0, .sinceFirstUse) } ?? false
    }

    func isRecent(_ age: Int, _ edge: Edge) -> Bool {
        abs(age) < window || abs(age) == window && self.edge.contains(edge)
    }
}

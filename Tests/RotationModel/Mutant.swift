/// Rules that are broken on purpose; existing products use most of them.
package enum Mutant: String, CaseIterable, Sendable {
    case strictSingleUse = "strict single use"
    case previousAlways = "the parent is always allowed"
    case independentGrace = "each use in a grace mints its own"
    case displace = "a reuse displaces the newest"
    case firstTable = "the first table, whose window slides"
    case countsApart = "repetitions are counted apart"
    case countsAlike = "n comes again to its holder, counted"
    case countsNot = "n comes again to its holder"
    case rotatesInWindow = "the newest rotates in the window too"
    case fixedWindow = "the window counts from the rotation"
    case slidesForever = "confirming does not close the window"
    case closesAtOnce = "confirming closes the window at once"
    case noConfirmation = "no confirmation"
    case forgetsConfirmation = "a restart forgets the confirmation"
    case previousGetsSame = "an unconfirmed parent gets n again"
    case noGivenUpCheck = "given-up access tokens are accepted"
    case anyRetry = "a script may retry with any key"
    case retiresKey = "an old key is retired at once"
    case clearsCookies = "a logout only clears the cookies"
    case shortWindow = "W = 2L"
    case shortWindowAndStep = "W = 2L + d, the clock set by d"

    /// Returns the mutant's decision and the new state; `nil` if the mutant follows the rule.
    func step(
        _ family: FamilyState, _ presented: Presentation, under rule: Rule
    ) -> (Decision, FamilyState)? {
        switch (self, presented) {
        case (.strictSingleUse, .refresh(.newest)), (.previousAlways, .refresh(.newest)),
            (.independentGrace, .refresh(.newest)), (.rotatesInWindow, .refresh(.newest)):
            return (.rotated, rule.rotated(family))
        case (.previousAlways, .access), (.independentGrace, .access), (.noGivenUpCheck, .access):
            guard case .access(.sibling) = presented else { return nil }
            return (.accepted, family)

        case (.strictSingleUse, .refresh): return rule.ended(family)
        case (.previousAlways, .refresh(.previous)): return (.reissued, family)
        case (.independentGrace, .refresh(.fork)): return (.forked, family)
        case (.independentGrace, .refresh(.previous)):
            return rule.isRecentlyIssued(family) ? (.forked, family) : rule.ended(family)
        case (.displace, .refresh(.previous)) where rule.isRecentlyIssued(family):
            return (.replaced, rule.replaced(family))
        case (.displace, .refresh(.sibling)): return rule.ended(family)
        case (.countsAlike, .refresh(.newest))
        where family.hasPrevious && rule.isRecentlyIssued(family):
            return (.reissued, rule.issuedAgain(family))
        case (.countsNot, .refresh(.newest))
        where family.hasPrevious && rule.isRecentlyIssued(family):
            return (.reissued, family)
        case (.firstTable, _): return firstTable(family, presented, rule)
        case (.countsApart, _): return countsApart(family, presented, rule)

        case (.fixedWindow, _):
            guard let (decision, next) = unbroken(rule, family, presented) else { return nil }
            var kept = next
            kept.sinceIssued = family.sinceIssued
            return (decision, decision == .reissued ? kept : next)
        case (.slidesForever, .refresh(.previous))
        where family.hasPrevious && rule.isRecentlyIssued(family),
            (.slidesForever, .refresh(.sibling)) where rule.isRecentlyIssued(family):
            return (.reissued, rule.issuedAgain(family))
        case (.closesAtOnce, .refresh(.previous)), (.closesAtOnce, .refresh(.sibling)):
            return family.sinceFirstUse == nil ? nil : rule.ended(family)
        case (.noConfirmation, .access(.newest)): return (.accepted, family)
        case (.previousGetsSame, .refresh(.previous))
        where family.hasPrevious && family.sinceFirstUse == nil:
            return (.reissued, rule.issuedAgain(family))
        case (.anyRetry, .strictRefresh(.previous, _)) where !family.hasPrevious:
            return (.reissued, family)

        default: return nil
        }
    }

    private func unbroken(
        _ rule: Rule, _ family: FamilyState, _ presented: Presentation
    ) -> (Decision, FamilyState)? {
        var unbroken = rule
        unbroken.mutant = nil
        return unbroken.step(family, presented)
    }

    /// Implements the first table: the generations of one burst of refreshes are siblings, and the last
    /// but one is the previous generation.
    private func firstTable(
        _ family: FamilyState, _ presented: Presentation, _ rule: Rule
    ) -> (Decision, FamilyState)? {
        var next = family
        switch presented {
        case .strictRefresh: return nil
        case .access(.newest), .access(.sibling):
            next.sinceFirstUse = family.sinceFirstUse ?? 0
            return (.accepted, next)
        case .access: return (.accepted, family)
        case .refresh(.newest) where !rule.isRecentlyIssued(family):
            return (.rotated, rule.rotated(family))
        case .refresh(.newest):
            next.sinceIssued = 0
            return (.replaced, next)
        case .refresh(.sibling):
            return (.reissued, rule.issuedAgain(family))
        case .refresh(.previous)
        where family.hasPrevious && (family.sinceFirstUse == nil || rule.isRecentlyIssued(family)):
            return (.reissued, rule.issuedAgain(family))
        case .refresh: return rule.ended(family)
        }
    }

    /// Implements the mutant that counts repetitions separately.
    ///
    /// Reissuing n to a client that presented n is recorded in `repeated` and does not extend the window
    /// for older generations. In return, the next generation counts as used only after that response
    /// must have arrived.
    private func countsApart(
        _ family: FamilyState, _ presented: Presentation, _ rule: Rule
    ) -> (Decision, FamilyState)? {
        var next = family
        switch presented {
        case .refresh(.newest) where !family.hasPrevious || !rule.isRecentlyIssued(family):
            next = rule.rotated(family)
            next.apart.settling = family.apart.repeated.map { rule.window - $0 }
            return (.rotated, next)
        case .refresh(.newest):
            next.apart.repeated = 0
            return (.reissued, next)
        case .access(.newest):
            guard let settling = family.apart.settling else { return nil }
            return settling < 0 || settling == 0 && rule.edge.contains(.settled)
                ? nil : (.accepted, family)
        default: return nil
        }
    }
}

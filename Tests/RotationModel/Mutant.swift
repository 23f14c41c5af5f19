/// Rules that are broken on purpose, most of them somebody's product.
package enum Mutant: String, CaseIterable, Sendable {
    case strictSingleUse = "strict single use"
    case parentAlways = "the parent is always allowed"
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
    case parentGetsSame = "an unconfirmed parent gets n again"
    case noGivenUpCheck = "given-up access tokens are accepted"
    case anyRetry = "a script may retry with any key"
    case retiresKey = "an old key is retired at once"
    case clearsCookies = "a logout only clears the cookies"
    case shortWindow = "W = 2L"
    case shortWindowAndStep = "W = 2L + d, the clock set by d"

    /// The mutant's own answer; nil where it does as the rule does.
    func step(
        _ chain: Chain, _ presented: Presentation, under rule: Rule
    ) -> (Answer, Chain)? {
        switch (self, presented) {
        case (.strictSingleUse, .refresh(.newest)), (.parentAlways, .refresh(.newest)),
            (.independentGrace, .refresh(.newest)), (.rotatesInWindow, .refresh(.newest)):
            return (.rotated, rule.rotated(chain))
        case (.parentAlways, .access), (.independentGrace, .access), (.noGivenUpCheck, .access):
            guard case .access(.sibling) = presented else { return nil }
            return (.accepted, chain)

        case (.strictSingleUse, .refresh): return rule.ended(chain)
        case (.parentAlways, .refresh(.parent)): return (.again, chain)
        case (.independentGrace, .refresh(.fork)): return (.forked, chain)
        case (.independentGrace, .refresh(.parent)):
            return rule.isHanding(chain) ? (.forked, chain) : rule.ended(chain)
        case (.displace, .refresh(.parent)) where rule.isHanding(chain):
            return (.replaced, rule.replaced(chain))
        case (.displace, .refresh(.sibling)): return rule.ended(chain)
        case (.countsAlike, .refresh(.newest)) where chain.hasParent && rule.isHanding(chain):
            return (.again, rule.handedAgain(chain))
        case (.countsNot, .refresh(.newest)) where chain.hasParent && rule.isHanding(chain):
            return (.again, chain)
        case (.firstTable, _): return firstTable(chain, presented, rule)
        case (.countsApart, _): return countsApart(chain, presented, rule)

        case (.fixedWindow, _):
            guard let (answer, next) = unbroken(rule, chain, presented) else { return nil }
            var kept = next
            kept.handed = chain.handed
            return (answer, answer == .again ? kept : next)
        case (.slidesForever, .refresh(.parent)) where chain.hasParent && rule.isHanding(chain),
            (.slidesForever, .refresh(.sibling)) where rule.isHanding(chain):
            return (.again, rule.handedAgain(chain))
        case (.closesAtOnce, .refresh(.parent)), (.closesAtOnce, .refresh(.sibling)):
            return chain.confirmed == nil ? nil : rule.ended(chain)
        case (.noConfirmation, .access(.newest)): return (.accepted, chain)
        case (.parentGetsSame, .refresh(.parent))
        where chain.hasParent && chain.confirmed == nil:
            return (.again, rule.handedAgain(chain))
        case (.anyRetry, .strictRefresh(.parent, _)) where !chain.hasParent:
            return (.again, chain)

        default: return nil
        }
    }

    private func unbroken(
        _ rule: Rule, _ chain: Chain, _ presented: Presentation
    ) -> (Answer, Chain)? {
        var unbroken = rule
        unbroken.mutant = nil
        return unbroken.step(chain, presented)
    }

    /// Generations of one burst of refreshes are siblings here, its last but one is the parent.
    private func firstTable(
        _ chain: Chain, _ presented: Presentation, _ rule: Rule
    ) -> (Answer, Chain)? {
        var next = chain
        switch presented {
        case .strictRefresh: return nil
        case .access(.newest), .access(.sibling):
            next.confirmed = chain.confirmed ?? 0
            return (.accepted, next)
        case .access: return (.accepted, chain)
        case .refresh(.newest) where !rule.isHanding(chain):
            return (.rotated, rule.rotated(chain))
        case .refresh(.newest):
            next.handed = 0
            return (.replaced, next)
        case .refresh(.sibling):
            return (.again, rule.handedAgain(chain))
        case .refresh(.parent)
        where chain.hasParent && (chain.confirmed == nil || rule.isHanding(chain)):
            return (.again, rule.handedAgain(chain))
        case .refresh: return rule.ended(chain)
        }
    }

    /// Handing n again to who has it is a time of its own, `repeated`, and opens nothing for older
    /// ones; instead, the next generation settles only when that answer has landed.
    private func countsApart(
        _ chain: Chain, _ presented: Presentation, _ rule: Rule
    ) -> (Answer, Chain)? {
        var next = chain
        switch presented {
        case .refresh(.newest) where !chain.hasParent || !rule.isHanding(chain):
            next = rule.rotated(chain)
            next.apart.settling = chain.apart.repeated.map { rule.window - $0 }
            return (.rotated, next)
        case .refresh(.newest):
            next.apart.repeated = 0
            return (.again, next)
        case .access(.newest):
            guard let settling = chain.apart.settling else { return nil }
            return settling < 0 || settling == 0 && rule.edge.contains(.settled)
                ? nil : (.accepted, chain)
        default: return nil
        }
    }
}

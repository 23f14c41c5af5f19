/// Rules that are broken on purpose, most of them somebody's product.
package enum Mutant: String, CaseIterable, Sendable {
    case strictSingleUse = "strict single use"
    case parentAlways = "the parent is always allowed"
    case independentGrace = "each use in the grace period mints a token of its own"
    case displace = "a reuse in the window displaces the newest"
    case rotatesInWindow = "the newest rotates in the window too"
    case slidesForever = "a confirmation does not close the window"
    case closesAtOnce = "a confirmation closes the window at once"
    case fixedWindow = "the window is counted from the rotation"
    case noConfirmation = "no confirmation"
    case forgetsConfirmation = "a restart forgets the confirmation"
    case noSettling = "an access token confirms at once"
    case noGivenUpCheck = "access tokens that were given up are accepted"
    case parentGetsSame = "an unconfirmed parent gets the newest again"
    case firstTable = "the first design: rotates in the window, which slides"
    case retiresKey = "an old key is retired at once"
    case clearsCookies = "logout only clears the cookies"
    case shortWindow = "W < 2L"
    case brief = "BRIEF"
    case simple = "SIMPLE"
    case slowAccess = "access tokens travel longer than W - L"

    /// The mutant's own answer; nil where it does as the rule does.
    func step(
        _ chain: Chain, _ presented: Presentation, under rule: Rule
    ) -> (Answer, Chain)? {
        var next = chain
        switch (self, presented) {
        case (.strictSingleUse, .refresh(.newest)): return (.rotated, rule.rotated(chain))
        case (.strictSingleUse, .refresh): return rule.ended(chain)

        case (.parentAlways, .refresh(.newest)): return (.rotated, rule.rotated(chain))
        case (.parentAlways, .refresh(.parent)): return (.again, chain)
        case (.parentAlways, .access): return (.accepted, chain)

        case (.independentGrace, .refresh(.newest)): return (.rotated, rule.rotated(chain))
        case (.independentGrace, .refresh(.fork)): return (.forked, chain)
        case (.independentGrace, .refresh(.parent)) where rule.isRecent(chain.handed, .handed):
            return (.forked, chain)
        case (.independentGrace, .refresh): return rule.ended(chain)
        case (.independentGrace, .access): return (.accepted, chain)

        case (.displace, .refresh(.parent)) where rule.isRecent(chain.handed, .handed):
            return (.replaced, rule.replaced(chain))
        case (.displace, .refresh(.sibling)): return rule.ended(chain)

        case (.rotatesInWindow, .refresh(.newest)): return (.rotated, rule.rotated(chain))

        case (.slidesForever, .refresh(.parent)) where chain.hasParent,
            (.slidesForever, .refresh(.sibling)):
            guard rule.isRecent(chain.handed, .handed) else { return nil }
            next.handed = 0
            return (.again, next)

        case (.closesAtOnce, .refresh(.parent)), (.closesAtOnce, .refresh(.sibling)):
            return chain.confirmed == nil ? nil : rule.ended(chain)

        case (.fixedWindow, .refresh(.parent)) where chain.hasParent,
            (.fixedWindow, .refresh(.sibling)):
            guard rule.isRecent(chain.handed, .handed) else { return nil }
            return chain.confirmed.map { !rule.isRecent($0, .confirmed) } ?? false
                ? rule.ended(chain) : (.again, chain)

        case (.noConfirmation, .access(.newest)): return (.accepted, chain)

        case (.noSettling, .access(.newest)):
            next.confirmed = chain.confirmed ?? 0
            return (.accepted, next)

        case (.noGivenUpCheck, .access(.sibling)): return (.accepted, chain)

        case (.parentGetsSame, .refresh(.parent))
        where chain.hasParent && chain.confirmed == nil:
            next.handed = 0
            return (.again, next)

        case (.firstTable, .refresh(let standing)): return firstTable(chain, standing, rule)
        case (.firstTable, .access(.newest)), (.firstTable, .access(.sibling)):
            next.confirmed = chain.confirmed ?? 0
            return (.accepted, next)
        case (.firstTable, .access): return (.accepted, chain)

        case (.simple, .refresh(.newest)) where chain.hasParent && rule.isRecent(chain.handed, .handed):
            next.handed = 0
            return (.again, next)
        case (.brief, .refresh(.parent)) where chain.hasParent && !rule.isRecent(chain.handed, .handed):
            return chain.confirmed == nil ? (.replaced, rule.replaced(chain)) : rule.ended(chain)
        case (.brief, .refresh(.sibling)) where !rule.isRecent(chain.handed, .handed):
            return rule.ended(chain)

        default: return nil
        }
    }

    /// Generations of one burst of refreshes are siblings here, its last but one is the parent.
    private func firstTable(
        _ chain: Chain, _ standing: Standing, _ rule: Rule
    ) -> (Answer, Chain) {
        let isOpen = rule.isRecent(chain.handed, .handed)
        var next = chain
        next.handed = 0
        switch standing {
        case .newest where !isOpen:
            next.confirmed = nil
            next.hasParent = true
            return (.rotated, next)
        case .newest: return (.replaced, next)
        case .sibling: return (.again, next)
        case .parent where chain.hasParent && (chain.confirmed == nil || isOpen):
            return (.again, next)
        default: return rule.ended(chain)
        }
    }
}

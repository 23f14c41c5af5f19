/// What can be presented to a session.
package enum Presentation: Equatable, Sendable {
    /// A refresh token, by a browser.
    case refresh(Standing)
    /// A refresh token, by a script, which may have sent an `Idempotency-Key`.
    case strictRefresh(Standing, key: UInt8?)
    /// An access token.
    case access(Standing)
}

/// What the server says.
package enum Answer: Equatable, Sendable {
    /// Tokens of generation n + 1, exchanged for n.
    case rotated
    /// Tokens of generation n + 1, exchanged for p once more; n is given up.
    case replaced
    /// The refresh token of generation n once more, with a fresh access token.
    case again
    /// A fresh access token of generation n, and no refresh token: whoever shows n has it.
    case kept
    /// The access token is good.
    case accepted
    /// No. The session has ended.
    case refused
    /// Tokens of a branch of their own; only where a mutant does that.
    case forked
}

/// The rule of rotation, to be laid beside the table in docs/rotation.md.
package struct Rule: Sendable {
    /// W.
    package var window: Int
    /// What is broken on purpose.
    package var mutant: Mutant?
    /// How a comparison that falls on the very end of its span turns out.
    var edge = Edge.exact

    /// Makes the rule for a window.
    package init(window: Int, mutant: Mutant? = nil) {
        self.window = window
        self.mutant = mutant
    }

    /// What the server answers and stores.
    package func step(_ chain: Chain, _ presented: Presentation) -> (Answer, Chain) {
        guard chain.isLive else { return (.refused, chain) }
        if let mutant, let step = mutant.step(chain, presented, under: self) { return step }
        switch presented {
        case .refresh(let standing): return refresh(chain, standing)
        case .strictRefresh(let standing, let key): return strictRefresh(chain, standing, key)
        case .access(let standing): return access(chain, standing)
        }
    }

    private func refresh(_ chain: Chain, _ standing: Standing) -> (Answer, Chain) {
        switch standing {
        case .newest where !chain.hasParent || !isHanding(chain):
            return (.rotated, rotated(chain))
        case .newest:
            return (.kept, chain)
        case .parent where chain.hasParent && isHanding(chain) && !isClosed(chain),
            .sibling where isHanding(chain) && !isClosed(chain):
            return (.again, handedAgain(chain))
        case .parent where chain.hasParent && chain.confirmed == nil:
            return (.replaced, replaced(chain))
        case .parent, .sibling, .older, .fork:
            return ended(chain)
        }
    }

    private func strictRefresh(
        _ chain: Chain, _ standing: Standing, _ key: UInt8?
    ) -> (Answer, Chain) {
        switch standing {
        case .newest:
            var next = rotated(chain)
            next.hasParent = false
            next.key = key
            return (.rotated, next)
        case .parent where !chain.hasParent && key != nil && key == chain.key && !isClosed(chain):
            return (.again, chain)
        case .parent, .sibling, .older, .fork:
            return ended(chain)
        }
    }

    private func access(_ chain: Chain, _ standing: Standing) -> (Answer, Chain) {
        switch standing {
        case .newest:
            var next = chain
            next.confirmed = chain.confirmed ?? 0
            return (.accepted, next)
        case .sibling where !isHanding(chain):
            return ended(chain)
        case .sibling, .parent, .older, .fork:
            return (.accepted, chain)
        }
    }

    // MARK: What becomes of a chain

    func rotated(_ chain: Chain) -> Chain {
        var next = replaced(chain)
        next.hasParent = true
        return next
    }

    func replaced(_ chain: Chain) -> Chain {
        var next = chain
        next.handed = 0
        next.confirmed = nil
        next.key = nil
        next.apart = .init()
        return next
    }

    func handedAgain(_ chain: Chain) -> Chain {
        var next = chain
        next.handed = 0
        return next
    }

    func ended(_ chain: Chain) -> (Answer, Chain) {
        var next = chain
        next.isLive = false
        return (.refused, next)
    }

    // MARK: Whether W has passed

    /// Somebody who was handed n may not have received it yet.
    func isHanding(_ chain: Chain) -> Bool { isRecent(chain.handed, .handed) }

    /// n has been in use for so long that whoever has an older one is no tab.
    func isClosed(_ chain: Chain) -> Bool {
        chain.confirmed.map { !isRecent($0, .confirmed) } ?? false
    }

    func isRecent(_ age: Int, _ edge: Edge) -> Bool {
        abs(age) < window || abs(age) == window && self.edge.contains(edge)
    }
}

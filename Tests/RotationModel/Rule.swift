/// What can be presented to a session.
package enum Presentation: Equatable {
    /// A refresh token, by a browser.
    case refresh(Standing)
    /// A refresh token, by a script, which may have sent an `Idempotency-Key`.
    case strictRefresh(Standing, key: UInt8?)
    /// An access token.
    case access(Standing)
}

/// What the server says.
package enum Answer: Equatable {
    /// Tokens of generation n + 1, exchanged for n.
    case rotated
    /// Tokens of generation n + 1, exchanged for p once more; n is given up.
    case replaced
    /// The refresh token of generation n once more, with a fresh access token.
    case again
    /// The access token is good.
    case accepted
    /// No. The session has ended.
    case refused
    /// Tokens of a branch of their own; only where a mutant does that.
    case forked
}

/// The rule of rotation, to be laid beside the table in docs/rotation.md.
package struct Rule {
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
        let isHanding = isRecent(chain.handed, .handed)
        let isRepeating = chain.repeated.map { isRecent($0, .repeated) } ?? false
        let isConfirmed = chain.confirmed != nil
        let isClosed = chain.confirmed.map { !isRecent($0, .confirmed) } ?? false
        switch standing {
        case .newest where !chain.hasParent || !isHanding:
            return (.rotated, rotated(chain))
        case .newest:
            var next = chain
            next.repeated = 0
            return (.again, next)
        case .parent where !chain.hasParent:
            return ended(chain)
        case .parent, .sibling:
            if (isHanding || isRepeating) && !isClosed {
                var next = chain
                next.handed = 0
                return (.again, next)
            }
            guard standing == .parent, !isConfirmed else { return ended(chain) }
            return (.replaced, replaced(chain))
        case .older, .fork:
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
            next.settling = 0
            next.key = key
            return (.rotated, next)
        case .parent where !chain.hasParent && key != nil && key == chain.key
            && chain.confirmed.map { isRecent($0, .confirmed) } ?? true:
            return (.again, chain)
        default:
            return ended(chain)
        }
    }

    private func access(_ chain: Chain, _ standing: Standing) -> (Answer, Chain) {
        switch standing {
        case .newest where chain.confirmed == nil && isSettled(chain):
            var next = chain
            next.confirmed = 0
            return (.accepted, next)
        case .sibling where !isRecent(chain.handed, .handed):
            return ended(chain)
        default:
            return (.accepted, chain)
        }
    }

    func rotated(_ chain: Chain) -> Chain {
        var next = replaced(chain)
        next.hasParent = true
        next.settling = chain.repeated.map { window - $0 } ?? 0
        return next
    }

    func replaced(_ chain: Chain) -> Chain {
        var next = chain
        next.handed = 0
        next.repeated = nil
        next.settling = 0
        next.confirmed = nil
        next.key = nil
        return next
    }

    func ended(_ chain: Chain) -> (Answer, Chain) {
        var next = chain
        next.isLive = false
        return (.refused, next)
    }

    func isRecent(_ age: Int, _ edge: Edge) -> Bool {
        abs(age) < window || abs(age) == window && self.edge.contains(edge)
    }

    func isSettled(_ chain: Chain) -> Bool {
        chain.settling < 0 || chain.settling == 0 && edge.contains(.settled)
    }
}

/// The comparisons that hold at the very end of their span.
///
/// With times in whole ticks, as stored, they are exact. A tick can also stand for a span of time:
/// then two ages that are equal in ticks may really lie on either side, and both must be tried.
struct Edge: OptionSet {
    let rawValue: UInt8

    static let handed = Edge(rawValue: 1)
    static let repeated = Edge(rawValue: 2)
    static let confirmed = Edge(rawValue: 4)
    static let settled = Edge(rawValue: 8)
    static let exact: Edge = .settled

    /// Every way in which the comparisons of a chain may turn out.
    static func all(of chain: Chain, window: Int, isDense: Bool) -> [Edge] {
        var edges = [Edge.exact]
        guard isDense else { return edges }
        if chain.handed == window { edges += edges.map { $0.union(.handed) } }
        if chain.repeated == window { edges += edges.map { $0.union(.repeated) } }
        if chain.confirmed == window { edges += edges.map { $0.union(.confirmed) } }
        if chain.settling == 0 { edges += edges.map { $0.subtracting(.settled) } }
        return edges
    }
}

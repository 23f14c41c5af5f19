/// Where a token's generation g stands in its session's chain.
///
/// With n the newest generation and p the one that n was exchanged for, no rule needs more of g
/// than this, so a world of unbounded numbers becomes one of four values.
package enum Standing: UInt8, CaseIterable, Sendable {
    /// g = n.
    case newest
    /// p < g < n: made in exchange for p too, and given up when p was presented again.
    case sibling
    /// g = p; with no acceptable parent (p = n), g = n - 1.
    case parent
    /// Everything before.
    case older
    /// A live end of a branch of its own. Only where every use in a grace period mints a token.
    case fork
}

/// What the server stores of a session, its times as distances from now.
package struct Chain: Equatable, Sendable {
    /// Not yet ended.
    package var isLive = true
    /// p < n: the parent may still be acceptable.
    package var hasParent = false
    /// now - t: since n was last handed out; who shows n is handed nothing.
    package var handed = 0
    /// now - c: since an access token of n was first seen in use.
    package var confirmed: Int?
    /// The `Idempotency-Key` of the last strict rotation.
    package var key: UInt8?
    /// What only a mutant stores, which counts repetitions apart.
    var apart = Apart()

    /// The two more times that counting repetitions apart takes.
    struct Apart: Equatable {
        /// Since n was last handed again to a holder of n.
        var repeated: Int?
        /// Until an access token of n proves that n has arrived to stay; nil: it does by now.
        var settling: Int?
    }

    /// A session that has just begun.
    package init() {}

    /// The same after some time; a clock that is set back gives a negative time.
    package func aged(by time: Int) -> Chain {
        var aged = self
        aged.handed += time
        aged.confirmed = confirmed.map { $0 + time }
        aged.apart.repeated = apart.repeated.map { $0 + time }
        aged.apart.settling = apart.settling.map { $0 - time }
        return aged
    }

    /// Forgets differences that nothing depends on: all ages from the horizon on are alike.
    package func saturated(at horizon: Int) -> Chain {
        var saturated = self
        saturated.handed = min(handed, horizon)
        saturated.confirmed = confirmed.map { min($0, horizon) }
        saturated.apart.repeated = apart.repeated.flatMap { $0 < horizon ? $0 : nil }
        saturated.apart.settling = apart.settling.flatMap { $0 < 0 ? nil : $0 }
        return saturated
    }
}

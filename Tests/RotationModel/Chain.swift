/// Where a token's generation g stands in its session's chain.
///
/// With n the newest generation and p the one that n was exchanged for, no rule needs more of g
/// than this, so a world of unbounded numbers becomes one of four values.
package enum Standing: UInt8, CaseIterable {
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
package struct Chain: Equatable {
    /// Not yet ended.
    package var isLive = true
    /// p < n: the parent may still be acceptable.
    package var hasParent = false
    /// now - t: since n was last handed to a holder of an older generation.
    package var handed = 0
    /// now - r: since n was last handed again to a holder of n.
    package var repeated: Int?
    /// s - now: until an access token of n proves that n has arrived to stay.
    package var settling = 0
    /// now - c: since such a proof was first seen.
    package var confirmed: Int?
    /// The `Idempotency-Key` of the last strict rotation.
    package var key: UInt8?

    /// A session that has just begun.
    package init() {}

    /// The same after some time; a clock that is set back gives a negative time.
    package func aged(by time: Int) -> Chain {
        var aged = self
        aged.handed += time
        aged.repeated = repeated.map { $0 + time }
        aged.settling -= time
        aged.confirmed = confirmed.map { $0 + time }
        return aged
    }

    /// Forgets differences that nothing depends on: all ages from the horizon on are alike.
    func saturated(at horizon: Int, floor: Int) -> Chain {
        var saturated = self
        saturated.handed = min(handed, horizon)
        saturated.repeated = repeated.flatMap { $0 < horizon ? $0 : nil }
        saturated.settling = max(settling, -floor)
        saturated.confirmed = confirmed.map { min($0, horizon) }
        return saturated
    }
}

/// The state that the server stores of a refresh token family, with times as distances from now.
package struct FamilyState: Equatable, Sendable {
    /// Whether the session has not ended.
    package var isLive = true
    /// Whether p < n: the previous generation may still be acceptable.
    package var hasPrevious = false
    /// now - t: the time since n was last issued to a client that did not present it.
    package var sinceIssued = 0
    /// now - c: the time since an access token of n was first used.
    package var sinceFirstUse: Int?
    /// The `Idempotency-Key` of the last strict rotation.
    package var key: UInt8?
    /// Times that only the mutant `countsApart` stores.
    var apart = Apart()

    /// The additional times of the mutant that counts repetitions separately.
    struct Apart: Equatable {
        /// The time since n was last reissued to a client that presented n.
        var repeated: Int?
        /// The time until the use of an access token of n proves that the client has stored n; `nil` if it
        /// proves that already.
        var settling: Int?
    }

    /// Makes the state of a session that has just begun.
    package init() {}

    /// Returns the state after some time, which is negative if the clock was set back.
    package func aged(by time: Int) -> FamilyState {
        var aged = self
        aged.sinceIssued += time
        aged.sinceFirstUse = sinceFirstUse.map { $0 + time }
        aged.apart.repeated = apart.repeated.map { $0 + time }
        aged.apart.settling = apart.settling.map { $0 - time }
        return aged
    }

    /// Returns the state without irrelevant differences: all ages from the horizon on are equal.
    package func saturated(at horizon: Int) -> FamilyState {
        var saturated = self
        saturated.sinceIssued = min(sinceIssued, horizon)
        saturated.sinceFirstUse = sinceFirstUse.map { min($0, horizon) }
        saturated.apart.repeated = apart.repeated.flatMap { $0 < horizon ? $0 : nil }
        saturated.apart.settling = apart.settling.flatMap { $0 < 0 ? nil : $0 }
        return saturated
    }
}

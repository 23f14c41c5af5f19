/// The parameters of a run of the model checker.
struct Settings: Sendable {
    /// The name of the run in the table.
    var name: String
    /// The number of tabs of the owner's browser; for a script, of attempts that can be in flight.
    var tabs = 2
    /// L: the longest duration of a refresh in ticks, from sending it to storing its response.
    var flight = 1
    /// W, in ticks.
    var window = 2
    /// The longest time in ticks that an access token takes from the browser to the server.
    var accessFlight = 1
    /// Whether a tick represents a span of time, so that an age of W ticks may be shorter or longer
    /// than W.
    var isDense = false
    /// Whether requests and responses can be lost.
    var loses = true
    /// Whether a thief copies the cookie jar once, and may act at any time from then on.
    var hasThief = false
    /// Whether a tab may log out.
    var logsOut = false
    /// Whether the server's signing key is changed once.
    var changesKey = false
    /// The number of ticks by which the server's clock is set forward or back, once.
    var clockStep = 0
    /// Whether the owner is a script that uses each refresh token once, with an `Idempotency-Key`.
    var isScript = false
    /// The part of the rule that is broken on purpose, if any.
    var mutant: Mutant?
    /// The only property that is checked; `nil` to check all.
    var judged: Property?

    /// The age from which on all ages are equivalent.
    var horizon: Int { window + (isDense ? 1 : 0) + clockStep }
    /// The age from which on an event is certainly at least W ago, by any clock.
    var apart: Int { horizon }
}

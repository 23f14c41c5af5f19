/// What a run of the checker explores.
struct Settings: Sendable {
    /// What the run shows.
    var name: String
    /// Tabs of the owner's browser; for a script, attempts that can be under way at once.
    var tabs = 2
    /// L: the longest way of a refresh, from sending it to the landing of its answer, in ticks.
    var flight = 1
    /// W, in ticks.
    var window = 2
    /// The longest way of an access token from the browser to the server, in ticks.
    var accessFlight = 1
    /// Whether a tick is a span of time, so that equal ages may lie on either side of W.
    var isDense = false
    /// Whether requests and answers can be lost.
    var loses = true
    /// Whether somebody copies the jar once, and acts at any time from then on.
    var hasThief = false
    /// Whether a tab may log out.
    var logsOut = false
    /// Whether the server's signing key is changed once.
    var changesKey = false
    /// How far the server's clock is set forward or back, once.
    var clockStep = 0
    /// Whether the owner is a script that refreshes strictly, with an `Idempotency-Key`.
    var isScript = false
    /// What is broken on purpose.
    var mutant: Mutant?
    /// The only property that is judged; nil: all are.
    var judged: Property?

    /// From which age on all are alike.
    var horizon: Int { window + (isDense ? 1 : 0) + clockStep }
    /// The age from which on something surely lies a window back, by any clock.
    var apart: Int { horizon }
}

/// What must hold.
enum Property: String {
    /// No honest presentation is refused.
    case tabs = "P1"
    /// Thief and owner cannot both go on.
    case alternation = "P3a"
    /// An access token that the thief uses gives him away.
    case use = "P3b"
    /// The window closes once the newest generation is in use.
    case closing = "P3c"
    /// Nobody keeps a generation from being exchanged.
    case keeping = "P3d"
    /// Nothing is accepted after a logout.
    case logout = "P4"
}

/// The server, the owner's browser, the network between them, and the thief.
struct World {
    var family = FamilyState()
    /// The position of the tokens in the cookie jar; `nil` after a logout has cleared it.
    var jar: TokenPosition? = .newest
    /// The signing key of the tokens in the jar.
    var jarKey: UInt8 = 0
    /// The encoded tabs, largest first: tabs are interchangeable, so their order is normalised.
    var tabs = SIMD4<UInt16>(repeating: 0)
    /// The time since an access token of the newest generation, or of a sibling, was last in the
    /// jar.
    ///
    /// Until the longest flight time has passed, a request with it may still arrive.
    var newestSeen = 0
    var siblingSeen = Int.max
    /// The server's signing key.
    var key: UInt8 = 0
    var hasLoggedOut = false
    var hasSteppedClock = false
    /// A script's attempt: the last bit of its number, and whether it still waits for a response.
    var attempt: UInt8 = 0
    var isWaiting = false
    var thief = Thief()

    /// Updates the positions of all tokens after a decision that made a new newest generation.
    mutating func advance(_ decision: Decision, _ settings: Settings) {
        let moved: (TokenPosition) -> TokenPosition
        switch decision {
        case .rotated: moved = { $0 == .newest ? .previous : $0 == .fork ? .fork : .older }
        case .replaced: moved = { $0 == .newest ? .sibling : $0 }
        default: return
        }
        jar = jar.map(moved)
        for index in 0..<settings.tabs {
            var tab = Tab(code: tabs[index])
            guard tab.phase != .idle else { continue }
            tab.position = moved(tab.position)
            tabs[index] = tab.code
        }
        siblingSeen = decision == .replaced ? min(siblingSeen, newestSeen) : .max
        newestSeen = .max
        thief.advance(moved)
    }

    /// Advances the time by one tick.
    ///
    /// Requests and responses that have been in flight for longer than L are lost.
    mutating func tick(_ settings: Settings) {
        family = family.aged(by: 1)
        for index in 0..<settings.tabs {
            var tab = Tab(code: tabs[index])
            guard tab.phase != .idle else { continue }
            tab.age += 1
            tabs[index] = tab.age > settings.flight ? Tab.idle.code : tab.code
        }
        newestSeen = newestSeen == .max ? .max : newestSeen + 1
        siblingSeen = siblingSeen == .max ? .max : siblingSeen + 1
        if settings.hasThief { thief.tick() }
    }

    /// Removes all differences that do not affect what can happen.
    mutating func normalize(_ settings: Settings) {
        family = family.saturated(at: settings.horizon)
        if jar == .newest { newestSeen = 0 }
        if jar == .sibling { siblingSeen = 0 }
        newestSeen = min(newestSeen, settings.accessFlight + 1)
        siblingSeen = min(siblingSeen, settings.accessFlight + 1)
        thief.saturate(at: settings.apart)
        for end in stride(from: settings.tabs - 1, to: 0, by: -1) {
            for index in 0..<end where tabs[index] < tabs[index + 1] {
                let tab = tabs[index]
                tabs[index] = tabs[index + 1]
                tabs[index + 1] = tab
            }
        }
    }
}

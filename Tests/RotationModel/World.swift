/// A refresh on its way, or none.
struct Tab: Equatable {
    enum Phase: UInt8 { case idle, request, answer }

    var phase = Phase.idle
    var standing = Standing.newest
    /// Since it was sent.
    var age = 0
    /// Which signing key the token has, or which attempt of a script this is.
    var mark: UInt8 = 0
    /// Whether this is an answer without a refresh token.
    var isBare = false

    static let idle = Tab()

    var code: UInt16 {
        UInt16(phase.rawValue) | UInt16(standing.rawValue) << 2 | UInt16(mark) << 5
            | (isBare ? 64 : 0) | UInt16(age) << 7
    }

    init() {}

    init(phase: Phase, standing: Standing, age: Int = 0, mark: UInt8 = 0) {
        self.phase = phase
        self.standing = standing
        self.age = age
        self.mark = mark
    }

    init(code: UInt16) {
        phase = Phase(rawValue: UInt8(code & 3)) ?? .idle
        standing = Standing(rawValue: UInt8(code >> 2 & 7)) ?? .newest
        mark = UInt8(code >> 5 & 1)
        isBare = code & 64 != 0
        age = Int(code >> 7)
    }
}

/// The server, the owner's browser, the network between them, and the thief.
struct World {
    var chain = Chain()
    /// The standing of the tokens in the jar; nil when a logout has cleared it.
    var jar: Standing? = .newest
    /// Which signing key the jar's tokens have.
    var jarKey: UInt8 = 0
    /// Codes of the tabs, largest first: tabs are all alike, so their order is forgotten.
    var tabs = SIMD4<UInt16>(repeating: 0)
    /// Since an access token of the newest generation, or of a sibling, was last in the jar: until
    /// the longest flight is over, a request with it may still arrive.
    var newestSeen = 0
    var siblingSeen = Int.max
    /// Which signing key the server signs with.
    var key: UInt8 = 0
    var hasLoggedOut = false
    var hasSteppedClock = false
    /// A script's attempt: its number's last bit, and whether it still waits for an answer.
    var attempt: UInt8 = 0
    var isWaiting = false
    var thief = Thief()

    /// All tokens change their standing with the newest generation.
    mutating func advance(_ answer: Answer, _ settings: Settings) {
        let moved: (Standing) -> Standing
        switch answer {
        case .rotated: moved = { $0 == .newest ? .parent : $0 == .fork ? .fork : .older }
        case .replaced: moved = { $0 == .newest ? .sibling : $0 }
        default: return
        }
        jar = jar.map(moved)
        for index in 0..<settings.tabs {
            var tab = Tab(code: tabs[index])
            guard tab.phase != .idle else { continue }
            tab.standing = moved(tab.standing)
            tabs[index] = tab.code
        }
        siblingSeen = answer == .replaced ? min(siblingSeen, newestSeen) : .max
        newestSeen = .max
        thief.advance(moved)
    }

    /// One tick later.
    ///
    /// What has been under way for longer than L has been lost.
    mutating func tick(_ settings: Settings) {
        chain = chain.aged(by: 1)
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

    /// Forgets every difference that nothing depends on.
    mutating func normalize(_ settings: Settings) {
        chain = chain.saturated(at: settings.horizon)
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

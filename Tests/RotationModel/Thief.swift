/// Somebody with a copy of the jar, and what is remembered to judge a run with him.
struct Thief: Equatable {
    /// Who is ahead, by refreshes that lie more than W apart.
    ///
    /// A refresh of one within W after one of the other is a contact: it begins anew.
    enum Lead: UInt8 {
        /// Nothing has been copied.
        case none
        /// The thief has what the owner has: he has just copied it, or been handed it in a window.
        case contact
        /// The owner has refreshed since, once; the answer has landed.
        case owner
        /// The thief has refreshed since, once; no answer to the owner has landed.
        case thief
        /// The thief has, then the owner has.
        case ownerAgain
        /// The thief is ahead of an owner who cannot come back.
        case ownerIsOut
        /// The owner is ahead of a thief who cannot come back.
        case thiefIsOut
    }

    /// Standings of the refresh tokens he holds, a bit each.
    var refreshTokens: UInt8 = 0
    /// Standings of the access tokens he holds, a bit each.
    var accessTokens: UInt8 = 0
    var lead = Lead.none
    /// Whether the last refresh that was accepted was his.
    var wasLast = false
    /// Since that refresh.
    var quiet = 0
    /// Since the newest generation was last handed to somebody who did not show it.
    var unhanded = 0
    /// Since an access token of the newest generation was first used.
    var used: Int?
    /// Who has used one.
    var users: Users = []

    struct Users: OptionSet {
        let rawValue: UInt8
        static let owner = Users(rawValue: 1)
        static let thief = Users(rawValue: 2)
    }

    static func bit(_ standing: Standing) -> UInt8 { 1 << standing.rawValue }

    /// Access tokens of the parent and older ones say nothing to the server.
    private static let telling = bit(.newest) | bit(.sibling)

    func holds(_ standing: Standing) -> Bool { refreshTokens & Self.bit(standing) != 0 }
    func holdsAccess(_ standing: Standing) -> Bool { accessTokens & Self.bit(standing) != 0 }

    mutating func receive(_ standing: Standing) {
        refreshTokens |= Self.bit(standing)
        accessTokens |= Self.bit(standing) & Self.telling
    }

    mutating func advance(_ moved: (Standing) -> Standing) {
        var refresh: UInt8 = 0
        var access: UInt8 = 0
        for standing in Standing.allCases {
            if holds(standing) { refresh |= Self.bit(moved(standing)) }
            if holdsAccess(standing) { access |= Self.bit(moved(standing)) }
        }
        // An older token only ends the session, which is no way of staying in it.
        refreshTokens = refresh & ~Self.bit(.older)
        accessTokens = access & Self.telling
        used = nil
        users = []
    }

    mutating func tick() {
        quiet += 1
        unhanded += 1
        used = used.map { $0 + 1 }
    }

    mutating func saturate(at apart: Int) {
        quiet = min(quiet, apart)
        unhanded = min(unhanded, apart)
        used = used.map { min($0, apart) }
    }

    /// A refresh was accepted, of whomever.
    ///
    /// Who shows the newest must not keep it from being exchanged, however often he comes.
    mutating func noteHandOut(
        _ answer: Answer, to standing: Standing, apart: Int
    ) -> Property? {
        if answer == .rotated || answer == .replaced || standing != .newest {
            unhanded = 0
            return nil
        }
        return unhanded >= apart && answer != .forked ? .keeping : nil
    }

    // MARK: Who is ahead

    /// The thief's refresh was accepted.
    ///
    /// The same tokens once more, within a window of his own, are no new refresh.
    mutating func refreshed(_ answer: Answer, after users: Users, apart: Int) -> Property? {
        let isContact = !wasLast && quiet < apart
        let isRepeat = wasLast && quiet < apart && (answer == .again || answer == .forked)
        wasLast = true
        quiet = 0
        guard !isContact else {
            lead = .contact
            return nil
        }
        guard !isRepeat else { return nil }
        switch lead {
        case .contact: lead = .thief
        case .thief: if answer == .rotated { lead = .ownerIsOut }
        case .owner, .ownerAgain:
            if users.contains(.owner) { return .alternation }
            lead = .ownerIsOut
        case .thiefIsOut: return .alternation
        case .none, .ownerIsOut: break
        }
        return nil
    }

    /// The owner's refresh was accepted.
    mutating func ownerRefreshed(
        _ answer: Answer, after users: Users, apart: Int
    ) -> Property? {
        let isContact = wasLast && quiet < apart
        wasLast = false
        quiet = 0
        guard !isContact else {
            lead = .contact
            return nil
        }
        switch lead {
        case .thief: if users.contains(.thief) { return .use }
        case .owner, .ownerAgain: if answer == .rotated { lead = .thiefIsOut }
        case .ownerIsOut: return .alternation
        case .none, .contact, .thiefIsOut: break
        }
        return nil
    }

    /// An answer landed in the owner's jar, perhaps an old one over a new one.
    mutating func ownerReceived(_ standing: Standing) {
        switch (lead, standing) {
        case (.contact, .newest) where !holds(.newest) && !holds(.fork): lead = .owner
        case (.thief, .newest), (.thief, .fork): lead = .ownerAgain
        case (.owner, .parent): lead = .contact
        case (.ownerAgain, .parent): lead = .thief
        default: break
        }
    }

    /// An access token was accepted.
    mutating func noteUse(_ standing: Standing, by user: Users) {
        guard standing == .newest else { return }
        used = used ?? 0
        users.insert(user)
    }
}

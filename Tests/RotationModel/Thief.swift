/// A thief with a copy of the cookie jar, and the history that is needed to check the properties.
struct Thief: Equatable {
    /// Which of the two has refreshed, counting refreshes that are more than W apart.
    ///
    /// A refresh by one within W of a refresh by the other is a contact, and the count restarts.
    enum Lead: UInt8 {
        /// Nothing has been copied.
        case none
        /// Thief and owner have the same tokens: the thief has just copied them, or got them in a window.
        case contact
        /// The owner has refreshed once since the contact, and the response has arrived.
        case owner
        /// The thief has refreshed once since the contact, and no response has reached the owner.
        case thief
        /// The thief has refreshed since the contact, and then the owner.
        case ownerAgain
        /// The thief has the newest tokens, and the owner cannot refresh any more.
        case ownerIsOut
        /// The owner has the newest tokens, and the thief cannot refresh any more.
        case thiefIsOut
    }

    /// The positions of the refresh tokens that the thief holds, one bit each.
    var refreshTokens: UInt8 = 0
    /// The positions of the access tokens that the thief holds, one bit each.
    var accessTokens: UInt8 = 0
    var lead = Lead.none
    /// Whether the last accepted refresh was the thief's.
    var wasLast = false
    /// The time since the last accepted refresh.
    var quiet = 0
    /// The time since the newest generation was last issued to a client that did not present it.
    var sinceIssuedToOther = 0
    /// The time since an access token of the newest generation was first used.
    var used: Int?
    /// The users of such an access token.
    var users: Users = []

    struct Users: OptionSet {
        let rawValue: UInt8
        static let owner = Users(rawValue: 1)
        static let thief = Users(rawValue: 2)
    }

    static func bit(_ position: TokenPosition) -> UInt8 { 1 << position.rawValue }

    /// The positions whose access tokens affect the server; those of older tokens do not.
    private static let relevant = bit(.newest) | bit(.sibling)

    func holds(_ position: TokenPosition) -> Bool { refreshTokens & Self.bit(position) != 0 }
    func holdsAccess(_ position: TokenPosition) -> Bool { accessTokens & Self.bit(position) != 0 }

    mutating func receive(_ position: TokenPosition) {
        refreshTokens |= Self.bit(position)
        accessTokens |= Self.bit(position) & Self.relevant
    }

    mutating func advance(_ moved: (TokenPosition) -> TokenPosition) {
        var refresh: UInt8 = 0
        var access: UInt8 = 0
        for position in TokenPosition.allCases {
            if holds(position) { refresh |= Self.bit(moved(position)) }
            if holdsAccess(position) { access |= Self.bit(moved(position)) }
        }
        // Presenting an older token only ends the session, so the thief does not keep it.
        refreshTokens = refresh & ~Self.bit(.older)
        accessTokens = access & Self.relevant
        used = nil
        users = []
    }

    mutating func tick() {
        quiet += 1
        sinceIssuedToOther += 1
        used = used.map { $0 + 1 }
    }

    mutating func saturate(at apart: Int) {
        quiet = min(quiet, apart)
        sinceIssuedToOther = min(sinceIssuedToOther, apart)
        used = used.map { min($0, apart) }
    }

    /// Records an accepted refresh of either.
    ///
    /// A client that presents the newest generation must not be able to prevent its exchange, however
    /// often it refreshes.
    mutating func noteIssue(
        _ decision: Decision, to position: TokenPosition, apart: Int
    ) -> Property? {
        if decision == .rotated || decision == .replaced || position != .newest {
            sinceIssuedToOther = 0
            return nil
        }
        return sinceIssuedToOther >= apart && decision != .forked ? .keeping : nil
    }

    // MARK: Lead

    /// Records that the thief's refresh was accepted.
    ///
    /// If it reissues the same tokens within W of the thief's last refresh, it is not a new refresh.
    mutating func refreshed(_ decision: Decision, after users: Users, apart: Int) -> Property? {
        let isContact = !wasLast && quiet < apart
        let isRepeat = wasLast && quiet < apart && (decision == .reissued || decision == .forked)
        wasLast = true
        quiet = 0
        guard !isContact else {
            lead = .contact
            return nil
        }
        guard !isRepeat else { return nil }
        switch lead {
        case .contact: lead = .thief
        case .thief: if decision == .rotated { lead = .ownerIsOut }
        case .owner, .ownerAgain:
            if users.contains(.owner) { return .alternation }
            lead = .ownerIsOut
        case .thiefIsOut: return .alternation
        case .none, .ownerIsOut: break
        }
        return nil
    }

    /// Records that the owner's refresh was accepted.
    mutating func ownerRefreshed(
        _ decision: Decision, after users: Users, apart: Int
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
        case .owner, .ownerAgain: if decision == .rotated { lead = .thiefIsOut }
        case .ownerIsOut: return .alternation
        case .none, .contact, .thiefIsOut: break
        }
        return nil
    }

    /// Records that a response has arrived in the owner's jar; an old one may replace a newer one.
    mutating func ownerReceived(_ position: TokenPosition) {
        switch (lead, position) {
        case (.contact, .newest) where !holds(.newest) && !holds(.fork): lead = .owner
        case (.thief, .newest), (.thief, .fork): lead = .ownerAgain
        case (.owner, .previous): lead = .contact
        case (.ownerAgain, .previous): lead = .thief
        default: break
        }
    }

    /// Records that an access token was accepted.
    mutating func noteUse(_ position: TokenPosition, by user: Users) {
        guard position == .newest else { return }
        used = used ?? 0
        users.insert(user)
    }
}

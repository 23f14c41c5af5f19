import Cryptography
import Text

/// How fast passwords can be guessed at: wrong ones are counted, and each beyond a number that is
/// free makes the next attempt wait longer.
///
/// Nothing is ever locked. Where an account's password was right within 30 days it is at *home*,
/// and only what happened in that network counts: no stranger elsewhere can slow the owner there.
/// Nor can what others in it fail at other accounts, up to the owner's own tenth failure: behind one
/// address there may be a thousand people, and one forgotten program with an old password.
/// Only the password makes a home, so whoever has stolen tokens does not, wherever they go. In any
/// other network that has not failed too often itself the next attempt is at most 60 seconds away,
/// yet while a crowd of strangers goes on it is theirs as much as the owner's: it is for whoever
/// comes first.
///
/// The counts are in the store and survive a restart. They are found by an authentication code, so
/// a name that somebody typed is not in the database, and an account that is not there is counted
/// like one that is.
struct Throttle: Sendable {
    /// How many failures are free, and how long the wait gets after: 1 second after the last that
    /// is free, and twice as long after each one more.
    struct Limit: Equatable, Sendable {
        let free: Int64
        /// In seconds.
        let longestWait: Int64

        /// One account, from one network or within one session: 114 guesses in the first 24 hours,
        /// 96 in each 24 hours after.
        static let accountAndNetwork = Limit(free: 10, longestWait: 900)
        /// One account, from all networks where it is not at knownNetwork: 1,544, then 1,440.
        static let account = Limit(free: 100, longestWait: 60)
        /// One network, over all accounts: 204, then 96; and beyond, 10 a day at each account that
        /// is at home there.
        static let network = Limit(free: 100, longestWait: 900)

        /// What follows so many failures, in milliseconds.
        func wait(after count: Int64) -> Int64 {
            guard count >= free else { return 0 }
            return min(longestWait, 1 << min(count - free, 30)) * 1000
        }
    }

    /// How long after the last one failures are remembered, in seconds: a day.
    static let memory: Int64 = 86_400
    /// How long after the last right password an account is at home, in seconds: 30 days.
    static let knownNetworkMemory: Int64 = 30 * 86_400

    let key: SigningKey

    /// An attempt to log in.
    func login(
        as name: String, from client: Client, at now: Timestamp, in rows: any Rows
    ) throws -> LoginAttempt {
        let network = client.network
        let knownNetwork = try key(of: "home", network, name)
        var broader = [LoginAttempt.Counter(try key(of: "network", network, ""), .network)]
        let hasKnownNetwork = try rows.isKnownNetwork(knownNetwork, at: now)
        if !hasKnownNetwork {
            broader.append(LoginAttempt.Counter(try key(of: "account", "", name), .account))
        }
        return LoginAttempt(
            name: name, session: nil, client: client, at: now,
            accountAndNetwork: LoginAttempt.Counter(
                try key(of: "pair", network, name), .accountAndNetwork), broader: broader,
            knownNetwork: knownNetwork, hasKnownNetwork: hasKnownNetwork)
    }

    /// An attempt to change the password of somebody who is signed in.
    ///
    /// Counted by the session, not by the network: whoever has stolen its tokens gains nothing by
    /// moving about, and nobody without them can slow the owner.
    func passwordChange(
        of caller: Caller, from client: Client, at now: Timestamp
    ) throws -> LoginAttempt {
        let name = caller.account.email
        return LoginAttempt(
            name: name, session: caller.sessionID, client: client, at: now,
            accountAndNetwork: LoginAttempt.Counter(
                try key(of: "session", "\(caller.sessionID)", name), .accountAndNetwork),
            broader: [LoginAttempt.Counter(try key(of: "network", client.network, ""), .network)],
            knownNetwork: nil, hasKnownNetwork: false)
    }

    private func key(of kind: String, _ place: String, _ name: String) throws -> FailureCounter.Key
    {
        // As the store finds accounts, without regard to ASCII case.
        let name = name.asciiLowercased
        return try key.number(for: "\(kind)\0\(place)\0\(name)")
    }
}

/// A password that is to be judged, and the counts of failures that it must pass.
struct LoginAttempt: Sendable {
    struct Counter: Sendable {
        let key: FailureCounter.Key
        let limit: Throttle.Limit

        init(_ key: FailureCounter.Key, _ limit: Throttle.Limit) {
            self.key = key
            self.limit = limit
        }
    }

    /// The e-mail address of the account that is meant.
    let name: String
    /// The session from within which the password is to be changed; `nil` for a login.
    let session: Session.ID?
    let client: Client
    let at: Timestamp
    /// The failures of this account in this place.
    let accountAndNetwork: Counter
    /// Those of others too.
    let broader: [Counter]
    /// What says that the account is at home in this place, once the password is right.
    let knownNetwork: FailureCounter.Key?
    /// Whether it was said before.
    let hasKnownNetwork: Bool
    /// Whether the next attempt waits for this one already.
    var isReserved = false

    var counters: [Counter] { [accountAndNetwork] + broader }
}

import Cryptography
import Text

/// Limits how fast passwords can be guessed: failures are counted, and each one beyond a free
/// number makes the next attempt wait longer.
///
/// `ThrottleState` has the rules.
///
/// No account is ever locked. A network in which an account's password was right within 30 days is
/// a *known network* of that account, and only failures in that network count there: strangers
/// elsewhere cannot slow the owner down. Nor can failures of others in the same network at other
/// accounts, up to the owner's own tenth failure: a thousand people, and a forgotten program with
/// an old password, may share one address. Only the password makes a network known, so stolen
/// tokens do not, wherever they are used. In any other network that has not failed too often, the
/// next attempt is at most 60 seconds away; but while many strangers keep guessing, they compete
/// with the owner for it: the first to arrive gets it.
///
/// The counters are in the store and survive a restart. They are found by an authentication code,
/// so the database does not hold the names that were typed, and an unknown account is counted like
/// a known one.
struct Throttle: Sendable {
    /// How long failures are remembered after the last one, in seconds: a day.
    static let memory: Int64 = 86_400
    /// How long a network is known after the last right password, in seconds: 30 days.
    static let knownNetworkMemory: Int64 = 30 * 86_400

    let key: SigningKey

    /// An attempt to log in.
    func login(as name: String, from client: Client, at now: Timestamp) throws -> LoginAttempt {
        let network = client.network
        return LoginAttempt(
            name: name, session: nil, client: client, at: now,
            keys: LoginAttempt.Keys(
                accountAndNetwork: try key(of: "pair", network, name),
                account: try key(of: "account", "", name),
                network: try key(of: "network", network, ""),
                knownNetwork: try key(of: "home", network, name)))
    }

    /// An attempt to change the password of an account whose owner is signed in.
    ///
    /// Counted by session, not by network: a thief of its tokens gains nothing by moving between
    /// networks, and without the tokens no one can slow the owner down.
    func passwordChange(
        of caller: Caller, from client: Client, at now: Timestamp
    ) throws -> LoginAttempt {
        let name = caller.account.email
        return LoginAttempt(
            name: name, session: caller.sessionID, client: client, at: now,
            keys: LoginAttempt.Keys(
                accountAndNetwork: try key(of: "session", "\(caller.sessionID)", name),
                account: nil,
                network: try key(of: "network", client.network, ""),
                knownNetwork: nil))
    }

    private func key(of kind: String, _ place: String, _ name: String) throws -> FailureCounter.Key
    {
        // Without regard to ASCII case, as the store finds accounts.
        let name = name.asciiLowercased
        return try key.number(for: "\(kind)\0\(place)\0\(name)")
    }
}

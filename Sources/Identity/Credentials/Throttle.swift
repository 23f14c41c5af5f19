import Cryptography
import Text

/// Limits how fast passwords can be guessed.
///
/// Failed attempts are counted. A certain number of them is free, and each further one makes the
/// next attempt wait longer. `ThrottleState` contains the rules.
///
/// No account is ever locked. A network from which an account's password was right within the last
/// 30 days is a *known network* of that account. For an attempt from a known network, only failed
/// attempts from the same network count, so strangers elsewhere cannot slow the owner down. Failed
/// attempts on other accounts from that network do not count either, until the tenth failed attempt
/// on the owner's account. The reason is that a thousand people, and a forgotten program with an
/// old password, may share one address. Only the right password makes a network known. A stolen
/// token does not, wherever it is used.
///
/// In any other network without too many failed attempts, the owner can try again after at most 60
/// seconds. But while many strangers keep guessing, they compete with the owner for the next
/// attempt, and the first request to arrive gets it.
///
/// The counters are in the store and survive a restart. Their keys are authentication codes, so the
/// database does not contain the names that were typed. An unknown account is counted like an
/// existing one.
struct Throttle: Sendable {
    /// How long failed attempts are remembered after the last one, in seconds (one day).
    static let memory: Int64 = 86_400
    /// How long a network stays known after the last right password, in seconds (30 days).
    static let knownNetworkMemory: Int64 = 30 * 86_400

    let key: SigningKey

    /// Creates an attempt to log in.
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

    /// Creates an attempt to change the password of an account whose owner is signed in.
    ///
    /// Failed attempts on the account are counted per session, not per network. So a thief of the
    /// session's tokens gains nothing by moving between networks, and without the tokens no one can
    /// slow the owner down with failed attempts on the account.
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
        // Ignore ASCII case, as the store does when it finds an account by name.
        let name = name.asciiLowercased
        return try key.number(for: "\(kind)\0\(place)\0\(name)")
    }
}

import Cryptography
import EmailAddress

/// Limits how fast passwords can be guessed.
///
/// Failed attempts are counted. A certain number of them is free, and each further one makes the
/// next attempt wait longer. `ThrottleState` contains the rules.
///
/// No account is ever locked. A device on which the password was right is a *known device* of the
/// account (`KnownDevice`). Only its own failed attempts make it wait, so no one else can slow down
/// the owner there. A network from which the password was right within the last 30 days is a *known
/// network* of the account. In such a network, a new device waits at most a minute, and does not
/// wait for failed attempts elsewhere or on other accounts until the tenth failed attempt on this
/// account from that network. The reason is that a thousand people, and a forgotten program with an
/// old password, may share one address. Only the right password makes a device or a network known.
/// A stolen token does not, wherever it is used. A login from a known device keeps a known network
/// known, but makes no other network known.
///
/// In any other network without too many failed attempts, the owner can try again after at most 60
/// seconds. But while many strangers keep guessing, they compete with a new device of the owner for
/// the next attempt, and the first request to arrive gets it.
///
/// The counters are in the store and survive a restart. Their keys are HMACs, so the database does
/// not contain the names that were typed. Failed attempts on an account that does not exist are
/// counted in the same way.
struct Throttle: Sendable {
    /// How long failed attempts are remembered after the last one, in seconds (one day).
    static let memory: Int64 = 86_400
    /// How long a network stays known after the last right password, in seconds (30 days).
    static let knownNetworkMemory: Int64 = 30 * 86_400
    /// The maximum number of known networks of an account; one more replaces the oldest.
    static let maximumKnownNetworks = 10

    /// The signing keys for the HMACs under which counters are stored, the newest first.
    ///
    /// After the signing secret was replaced, a counter may still be stored under an HMAC with the
    /// former key. So a counter is looked up under the HMAC with each key.
    let keys: [SigningKey]
    /// The keys that sign known devices, the newest first.
    let deviceKeys: [SigningKey]

    /// Creates an attempt to log in; `devices` are the cookies that may name a known device.
    func login(
        as name: String, devices: [String], from client: Client, at now: Timestamp
    ) throws -> LoginAttempt {
        // The store finds an account by this key, so all spellings of an address must share the
        // same counters.
        let account = Email.key(of: name)
        let networks = client.networks
        let known = try knownDevice(of: account, in: devices, at: now)
        var keys: [ThrottleScope: [FailureCounter.Key]] = [:]
        if let known {
            keys[.device] = try codes(of: "device", "\(known.number)", account)
        } else {
            for (width, network) in networks.enumerated() {
                keys[.accountAndNetwork(width: width)] = try codes(of: "pair", network, account)
                keys[.network(width: width)] = try codes(of: "network", network, "")
            }
            keys[.account] = try codes(of: "account", "", account)
        }
        return LoginAttempt(
            name: name, addressKey: account, session: nil, client: client, at: now, device: known,
            networks: networks, keys: keys,
            knownNetworkKeys: try codes(of: "home", networks[0], account))
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
        let account = Email.key(of: name)
        let networks = client.networks
        var keys = [ThrottleScope.session: try codes(of: "session", "\(caller.sessionID)", account)]
        for (width, network) in networks.enumerated() {
            keys[.network(width: width)] = try codes(of: "network", network, "")
        }
        return LoginAttempt(
            name: name, addressKey: account, session: caller.sessionID, client: client, at: now,
            device: nil, networks: networks, keys: keys, knownNetworkKeys: [])
    }

    /// Returns the cookie that makes a client a known device of an account.
    ///
    /// A client that already has such a cookie keeps its number, so that its failed attempts stay
    /// counted.
    func deviceCookie(after attempt: LoginAttempt) throws -> String {
        let device = KnownDevice(
            number: attempt.device?.number ?? .random(in: .min ... .max),
            expiresAt: attempt.at.seconds + KnownDevice.lifetime)
        return try device.text(of: attempt.addressKey, signedWith: deviceKeys[0])
    }

    private func knownDevice(
        of account: String, in cookies: [String], at now: Timestamp
    ) throws -> KnownDevice? {
        // Another site on the same domain may have set a cookie of the same name. So use the first
        // valid cookie, not simply the first.
        for cookie in cookies {
            let device = try KnownDevice(cookie, of: account, signedWith: deviceKeys, at: now)
            if let device { return device }
        }
        return nil
    }

    private func codes(
        of kind: String, _ place: String, _ account: String
    ) throws -> [FailureCounter.Key] {
        try keys.map { try $0.number(for: "\(kind)\0\(place)\0\(account)") }
    }
}

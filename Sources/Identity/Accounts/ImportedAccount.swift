public import Cryptography

/// An account from another system, with the hash of its password.
public struct ImportedAccount: Equatable, Sendable {
    /// The e-mail address to log in with.
    public let email: String
    /// The hash of the account's password in crypt(5) form, such as `$2b$10$…`.
    public let passwordHash: String
    /// What the account may do.
    public let role: Role
    /// Whether the account is barred from logging in.
    public let isDisabled: Bool
    /// When the account was created; `nil` if that is unknown.
    public let createdAt: Timestamp?

    /// Creates an imported account without checking its values.
    public init(
        email: String, passwordHash: String, role: Role, isDisabled: Bool = false,
        createdAt: Timestamp? = nil
    ) {
        self.email = email
        self.passwordHash = passwordHash
        self.role = role
        self.isDisabled = isDisabled
        self.createdAt = createdAt
    }

    /// Returns the rules that an e-mail address violates; empty if it is valid.
    ///
    /// The rules are those of signup, except that every top-level domain is accepted, so that every
    /// existing account can be imported.
    public static func violations(ofEmail email: String) -> [AccountViolation] {
        EmailRule.violations(in: email, topLevelDomains: nil)
    }

    /// Returns the reasons why a hash cannot be used for logging in; empty if it can.
    ///
    /// The reasons do not contain the hash.
    public static func violations(
        ofHash hash: String, within limit: HashLimit = .standard
    ) -> [String] {
        if PasswordHasher.canVerify(against: hash) {
            switch limit.excess(of: hash) {
            case nil: return []
            case .time(let seconds):
                return [
                    "is so expensive that each attempt to log in would take about \(seconds) "
                        + "seconds, and at most \(HashLimit.seconds) are allowed; give the account "
                        + "a new password in the old system, or leave it out of the export"
                ]
            case .memory(let mebibytes):
                return [
                    "needs \(mebibytes) MiB of memory at each attempt to log in, and at most "
                        + "\(limit.memory) are allowed; raise GATEHOUSE_HASHING_MEMORY, or leave "
                        + "the account out of the export"
                ]
            }
        }
        guard hash.utf8.first == UInt8(ascii: "$") else {
            return ["is not a password hash; a password in plain text is never imported"]
        }
        return ["is not a whole hash of bcrypt ($2a$, $2b$, $2y$) or yescrypt ($y$)"]
    }

    /// Whether each login with this hash takes a second or more, so that other logins have to wait.
    public var isExpensive: Bool { PasswordHasher.isExpensive(passwordHash) }

    /// Whether a failed login to this account takes much longer than one with an unknown address,
    /// for which a hash of `scheme` is computed.
    ///
    /// If so, the time of a failed login reveals that the account exists.
    public func isSlower(than scheme: PasswordHasher.Scheme) -> Bool {
        PasswordHasher.isSlower(passwordHash, than: scheme)
    }
}

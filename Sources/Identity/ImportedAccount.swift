import Cryptography

/// An account of another system, which brings the hash of its password with it.
public struct ImportedAccount: Equatable, Sendable {
    /// The e-mail address to log in with.
    public let email: String
    /// The hash of its password in crypt(5) form, such as `$2b$10$…`.
    public let passwordHash: String
    /// What it may do.
    public let role: Role
    /// Whether it may not log in.
    public let isDisabled: Bool
    /// When it was made; `nil` where that is not known.
    public let createdAt: Timestamp?

    /// Makes an account value, judging nothing.
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

    /// The rules that the e-mail address breaks.
    ///
    /// Those of signup, but for the list of top-level domains: who has an account keeps it.
    public static func violations(ofEmail email: String) -> [String] {
        EmailRule.violations(in: email, topLevelDomains: nil)
    }

    /// Why nobody could log in with a hash; it is not repeated.
    public static func violations(ofHash hash: String) -> [String] {
        if PasswordHasher.canVerify(against: hash) { return [] }
        guard hash.utf8.first == UInt8(ascii: "$") else {
            return ["is no hash; a password in plain text is never imported"]
        }
        return ["is not a whole hash of bcrypt ($2a$, $2b$, $2y$) or yescrypt ($y$)"]
    }

    /// Whether each attempt to log in takes so long, a second or more, that it keeps others
    /// waiting.
    public var isExpensive: Bool { PasswordHasher.isExpensive(passwordHash) }
}

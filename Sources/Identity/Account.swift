/// Somebody who can log in.
public struct Account: Equatable, Sendable {
    /// Names an account for ever; never used again after the account is removed.
    public typealias ID = Int64

    /// The account's number.
    public let id: ID
    /// The e-mail address as it was typed at signup, unique without regard to ASCII case.
    public var email: String
    /// The password's hash in crypt(5) form, such as `$2b$10$…`.
    public var passwordHash: String
    /// What the account may do.
    public var role: Role
    /// Whether the account may not log in.
    public var isDisabled: Bool
    /// When the account was made.
    public let createdAt: Timestamp

    /// Makes an account value.
    public init(
        id: ID, email: String, passwordHash: String, role: Role, isDisabled: Bool,
        createdAt: Timestamp
    ) {
        self.id = id
        self.email = email
        self.passwordHash = passwordHash
        self.role = role
        self.isDisabled = isDisabled
        self.createdAt = createdAt
    }
}

/// What an account may do.
public enum Role: String, CaseIterable, Sendable {
    /// Sees and edits people.
    case user
    /// Deletes people as well.
    case admin
}

/// An account, with which someone can log in.
///
/// This value does not contain the password hash. The hash is read from the store only to verify a
/// password, at login and when the password is changed.
public struct Account: Equatable, Sendable {
    /// The ID of an account, which is never reused, not even after the account is removed.
    public typealias ID = Int64

    /// The ID of the account.
    public let id: ID
    /// The e-mail address as it was typed at signup.
    ///
    /// No two accounts have the same address, in whatever spelling (`addressKey`).
    public var email: String
    /// What the account may do.
    public var role: Role
    /// Whether the account is barred from logging in.
    public var isDisabled: Bool
    /// When the account was created.
    public let createdAt: Timestamp

    /// Creates an account value.
    public init(
        id: ID, email: String, role: Role, isDisabled: Bool, createdAt: Timestamp
    ) {
        self.id = id
        self.email = email
        self.role = role
        self.isDisabled = isDisabled
        self.createdAt = createdAt
    }
}

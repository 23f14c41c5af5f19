/// Someone who can log in.
///
/// The hash of the password is not part of it: the hash leaves the store only to be compared at
/// login and when the password is changed.
public struct Account: Equatable, Sendable {
    /// A number that is never reused, not even after the account is removed.
    public typealias ID = Int64

    /// The account's number.
    public let id: ID
    /// The e-mail address as it was typed at signup; unique if ASCII case is ignored.
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

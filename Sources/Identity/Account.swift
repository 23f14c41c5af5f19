/// Somebody who can log in.
///
/// The password's hash is not here: it leaves the store for one check at login and no further.
public struct Account: Equatable, Sendable {
    /// Names an account for ever; never used again after the account is removed.
    public typealias ID = Int64

    /// The account's number.
    public let id: ID
    /// The e-mail address as it was typed at signup, unique without regard to ASCII case.
    public var email: String
    /// What the account may do.
    public var role: Role
    /// Whether the account may not log in.
    public var isDisabled: Bool
    /// When the account was made.
    public let createdAt: Timestamp

    /// Makes an account value.
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

/// What an account may do.
public enum Role: String, CaseIterable, Sendable {
    /// Sees and edits people.
    case user
    /// Deletes people as well.
    case admin

    /// Whether whoever has this role may do all that the other one allows.
    public func includes(_ other: Role) -> Bool { self == other || self == .admin }
}

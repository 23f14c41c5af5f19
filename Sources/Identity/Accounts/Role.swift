/// What an account may do.
public enum Role: String, CaseIterable, Sendable {
    /// A user may see and edit people.
    case user
    /// An administrator may also delete people and administer accounts.
    case admin

    /// Whether this role permits everything that the other role permits.
    public func includes(_ other: Role) -> Bool { self == other || self == .admin }
}

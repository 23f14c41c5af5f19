/// What an account may do.
public enum Role: String, CaseIterable, Sendable {
    /// May see and edit people.
    case user
    /// May also delete people and administer accounts.
    case admin

    /// Whether this role permits everything that the other one does.
    public func includes(_ other: Role) -> Bool { self == other || self == .admin }
}

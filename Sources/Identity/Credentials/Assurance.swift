/// How the owner of an account has proved who they are: by which methods, and when.
///
/// Every new session needs one. It is not stored yet: the database has no column for it, and a
/// password is the only method. Only this module makes one, after checking a proof.
public struct Assurance: Equatable, Sendable {
    /// A way to prove who one is (RFC 8176 names the same methods).
    public enum Method: String, Sendable {
        /// The account's password.
        case password = "pwd"
    }

    /// The methods that were used.
    public let methods: Set<Method>
    /// When the last proof was given.
    public let at: Timestamp

    init(methods: Set<Method>, at: Timestamp) {
        self.methods = methods
        self.at = at
    }
}

/// The methods by which the owner of an account has proved their identity, and when.
///
/// Every new session needs an assurance. Only this module creates one, after it has checked the
/// proof. Assurances are not stored yet, because the database has no column for them and a password
/// is the only method.
public struct Assurance: Equatable, Sendable {
    /// A method of authentication, with its name from RFC 8176.
    public enum Method: String, Sendable {
        /// The account's password.
        case password = "pwd"
    }

    /// The methods that were used.
    public let methods: Set<Method>
    /// When the owner last proved their identity.
    public let at: Timestamp

    init(methods: Set<Method>, at: Timestamp) {
        self.methods = methods
        self.at = at
    }
}

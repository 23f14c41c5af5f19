/// Where a password attempt comes from.
///
/// This decides which earlier failed attempts, and whose, make the attempt wait.
enum AttemptOrigin: Equatable, Sendable {
    /// A device on which the account's password was right before (`KnownDevice`).
    case knownDevice
    /// A session of the account, in a request to change the password.
    case session
    /// An unknown device, in a network from which the account's password was right within the last
    /// 30 days.
    case knownNetwork
    /// Anywhere else.
    case elsewhere
}

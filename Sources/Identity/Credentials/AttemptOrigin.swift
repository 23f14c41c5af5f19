/// Where an attempt comes from, which decides whose failed attempts make it wait.
enum AttemptOrigin: Equatable, Sendable {
    /// A device on which the account's password was right before (`KnownDevice`).
    case knownDevice
    /// A session of the account, which changes its password.
    case session
    /// A network from which the account's password was right within the last 30 days, but a device
    /// that is not known.
    case knownNetwork
    /// Anywhere else.
    case elsewhere
}

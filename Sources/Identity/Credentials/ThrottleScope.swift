/// What a failure counter counts.
enum ThrottleScope: Hashable, Sendable {
    /// Failed attempts on one account from one known device.
    case device
    /// Failed attempts to change the password within one session.
    case session
    /// Failed attempts on one account from one network; the width is an index into
    /// `Client.networks`.
    case accountAndNetwork(width: Int)
    /// Failed attempts on one account from all networks that are not its known networks.
    case account
    /// Failed attempts on all accounts from one network; the width is an index into
    /// `Client.networks`.
    case network(width: Int)

    /// Whether the counter belongs to a single account.
    ///
    /// The failed attempts in such a counter lose their meaning when the account gets a new
    /// password.
    var isOfAccount: Bool {
        switch self {
        case .device, .session, .accountAndNetwork, .account: true
        case .network: false
        }
    }
}

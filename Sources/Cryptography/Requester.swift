/// Who asks for a password to be hashed.
///
/// If more passwords are waiting than can be hashed at once, networks take turns, and within a
/// network its requesters. So none of them can delay the others by asking often.
public struct Requester: Hashable, Sendable {
    /// The kinds of requesters, the least urgent first.
    enum Kind: Int, CaseIterable {
        /// Someone who signs up; a sign-up can wait more easily than a login.
        case signup
        /// Someone who logs in from a device that is not known.
        case stranger
        /// Someone who probably owns the account, because the request comes from a known device of
        /// the account or belongs to a session of the account.
        case owner
    }

    let kind: Kind
    /// The client's IPv4 address, or the widest IPv6 network that a provider gives one customer.
    let network: String
    /// The account of an owner; empty for others, because they can name any account.
    let account: String

    /// Someone in a network who signs up.
    public static func signup(network: String) -> Requester {
        Requester(kind: .signup, network: network, account: "")
    }

    /// Someone in a network who is not known to be the owner of the account.
    public static func stranger(network: String) -> Requester {
        Requester(kind: .stranger, network: network, account: "")
    }

    /// Someone on a known device or in a session of an account.
    public static func owner(of account: String, network: String) -> Requester {
        Requester(kind: .owner, network: network, account: account)
    }

    /// An administrator on the command line, where no one else waits.
    public static let commandLine = Requester.owner(of: "", network: "")
}

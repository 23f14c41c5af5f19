/// Who asks for a password to be hashed.
///
/// If more passwords are waiting than can be hashed at once, the requesters take turns, so none of
/// them can delay the others by asking often.
public struct Requester: Hashable, Sendable {
    /// The kinds of requesters, the least urgent first.
    enum Kind: Int, CaseIterable {
        /// Someone who signs up, which can wait more easily than a login.
        case signup
        /// Someone who logs in for the first time from this device and network.
        case stranger
        /// Someone who is probably the owner of the account.
        case owner
    }

    let kind: Kind
    /// The name of the requester among those of its kind.
    let name: String

    /// Someone in a network who signs up.
    public static func signup(network: String) -> Requester { .init(kind: .signup, name: network) }

    /// Someone in a network who is not known to be the owner of the account.
    public static func stranger(network: String) -> Requester {
        .init(kind: .stranger, name: network)
    }

    /// Someone who has shown earlier to be the owner; `name` is different for each account.
    public static func owner(_ name: String) -> Requester { .init(kind: .owner, name: name) }

    /// An administrator on the command line, where nobody else waits.
    public static let commandLine = Requester.owner("")
}

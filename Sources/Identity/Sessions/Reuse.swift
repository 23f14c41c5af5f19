/// A report about a session that was ended because someone has a copy of its tokens.
public struct Reuse: Equatable, Sendable, CustomStringConvertible {
    /// The ID of the session that was ended.
    public let sessionID: Session.ID
    /// The generation of the presented token.
    public let presented: Int64
    /// The newest generation of the session when the token was presented.
    public let newest: Int64
    /// The client that presented the token.
    public let client: Client
    /// The client that last received the newest generation, as far as is known.
    public let lastClient: Client

    /// A description without the address of the client that presented the token.
    public var description: String {
        "generation \(presented) presented, newest \(newest), last from \(lastClient.address)"
    }
}

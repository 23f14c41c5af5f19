/// A session that was ended because someone has a copy of its tokens.
public struct Reuse: Equatable, Sendable, CustomStringConvertible {
    /// The session that was ended.
    public let sessionID: Session.ID
    /// The generation that was presented.
    public let presented: Int64
    /// The newest generation at that time.
    public let newest: Int64
    /// The client that presented it.
    public let client: Client
    /// The client that last received the newest generation, as far as is known.
    public let lastClient: Client

    /// A description without the address of the client that presented the token.
    public var description: String {
        "generation \(presented) presented, newest \(newest), last from \(lastClient.address)"
    }
}

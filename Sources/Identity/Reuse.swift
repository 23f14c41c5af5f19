/// A session that ended because somebody has a copy of its tokens.
public struct Reuse: Equatable, Sendable, CustomStringConvertible {
    /// The session that has ended.
    public let sessionID: Session.ID
    /// The generation that was presented.
    public let presented: Int64
    /// The newest generation then.
    public let newest: Int64
    /// Who presented it.
    public let client: Client
    /// Who had the newest generation, as far as is known.
    public let lastClient: Client

    /// In words, without the presenter's address.
    public var description: String {
        "generation \(presented) presented, newest \(newest), last from \(lastClient.address)"
    }
}

/// Something that happened to an account or a session and is kept to be explained later.
///
/// Neither e-mail addresses nor anything secret is in it.
public struct Event: Equatable, Sendable {
    /// What happened; the raw value is what is stored and shown.
    public enum Kind: String, CaseIterable, Sendable {
        /// A session began.
        case login
        /// A login with a wrong name or password.
        case failedLogin = "failed-login"
        /// A refresh token was exchanged.
        case refresh
        /// A refresh token, or an access token, that no honest client can have; its session ended.
        case reuse
        /// The owner ended the session from within.
        case logout
        /// A session was ended from elsewhere; the actor and the detail say by whom and why.
        case sessionEnded = "session-ended"
        /// An account was made.
        case added
        /// An account has another password.
        case passwordChanged = "password-changed"
        /// A wrong current password, given to change it.
        case failedPasswordChange = "failed-password-change"
        /// An account has another role.
        case roleChanged = "role-changed"
        /// An account was shut out.
        case disabled
        /// An account was let in again.
        case enabled
        /// An account was removed.
        case removed
        /// The database was put back from a backup, and every session ended.
        case restored
    }

    /// Who did it.
    public enum Actor: String, CaseIterable, Sendable {
        /// The owner of the account, or whoever passes for them.
        case owner
        /// The operator of this machine, at the command line.
        case `operator`
        /// An account that is an administrator; the detail says which.
        case admin
        /// Gatehouse itself, by a rule.
        case gatehouse
        /// Somebody who is not signed in.
        case stranger
    }

    /// When it happened.
    public let at: Timestamp
    /// What happened.
    public let kind: Kind
    /// Who did it.
    public let actor: Actor
    /// Whose account it is about, if it is known.
    public let accountID: Account.ID?
    /// Which session it is about, if one.
    public let sessionID: Session.ID?
    /// The address it came from; empty for the command line.
    public let address: String
    /// More, for people, such as generations or a reason; empty where there is no more.
    public let detail: String

    /// Makes an event.
    public init(
        _ kind: Kind, by actor: Actor, at: Timestamp, account: Account.ID? = nil,
        session: Session.ID? = nil, address: String = "", detail: String = ""
    ) {
        self.at = at
        self.kind = kind
        self.actor = actor
        accountID = account
        sessionID = session
        self.address = address
        self.detail = detail
    }

    /// Which events are asked for; what is `nil` does not narrow.
    public struct Filter: Equatable, Sendable {
        /// Of these kinds.
        public var kinds: [Kind]?
        /// About this account.
        public var accountID: Account.ID?
        /// About this session.
        public var sessionID: Session.ID?
        /// Not before this moment.
        public var since: Timestamp?
        /// The newest so many.
        public var limit: Int

        /// Makes a filter.
        public init(
            kinds: [Kind]? = nil, account: Account.ID? = nil, session: Session.ID? = nil,
            since: Timestamp? = nil, limit: Int
        ) {
            self.kinds = kinds
            accountID = account
            sessionID = session
            self.since = since
            self.limit = limit
        }
    }
}

/// A record of something that happened to an account or a session.
///
/// It contains no e-mail addresses and no secrets.
public struct Event: Equatable, Sendable {
    /// The kind of an event, which says what happened.
    ///
    /// The raw value is stored and shown to people.
    public enum Kind: String, CaseIterable, Sendable {
        /// A login began a session.
        case login
        /// A login failed because the name or the password was wrong or the account was disabled.
        case failedLogin = "failed-login"
        /// A refresh token was exchanged.
        case refresh
        /// A refresh token or access token was presented that no honest client can have, and its
        /// session was ended.
        case reuse
        /// The owner logged out of the session.
        case logout
        /// A session was ended by something other than its own logout; the actor and the detail say
        /// by whom and why.
        case sessionEnded = "session-ended"
        /// An account was added, or several were imported; the detail says how many.
        case added
        /// An account was added by an import, together with others.
        case imported
        /// An account's password was changed.
        case passwordChanged = "password-changed"
        /// A password change failed because the current password was wrong.
        case failedPasswordChange = "failed-password-change"
        /// An account's role was changed.
        case roleChanged = "role-changed"
        /// An account was disabled.
        case disabled
        /// An account was enabled again.
        case enabled
        /// An account was removed.
        case removed
        /// A signed-in caller was refused an action, which the detail names.
        case refused
        /// The database was restored from a backup, which ended every session.
        case restored
    }

    /// Who caused an event.
    public enum Actor: String, CaseIterable, Sendable {
        /// The owner of the account, or someone who uses the owner's tokens.
        case owner
        /// The operator of this machine, at the command line.
        case `operator`
        /// An administrator, whose account ID is in the detail of the event for the change.
        case admin
        /// Gatehouse itself, because one of its rules required it.
        case gatehouse
        /// Someone who is not signed in.
        case stranger
    }

    /// When the event happened.
    public let at: Timestamp
    /// What happened.
    public let kind: Kind
    /// Who caused the event.
    public let actor: Actor
    /// The ID of the account concerned; `nil` if it is unknown.
    public let accountID: Account.ID?
    /// The ID of the session concerned; `nil` if none exists.
    public let sessionID: Session.ID?
    /// The IP address of the client that caused the event; empty for the command line.
    public let address: String
    /// Details for people, such as token generations or a reason; may be empty.
    public let detail: String

    /// Creates an event.
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

    /// A filter for events; a `nil` condition matches every event.
    public struct Filter: Equatable, Sendable {
        /// The kinds to include.
        public var kinds: [Kind]?
        /// The ID of the account concerned.
        public var accountID: Account.ID?
        /// The ID of the session concerned.
        public var sessionID: Session.ID?
        /// The earliest time of an event.
        public var since: Timestamp?
        /// The maximum number of events; if more events match, the newest are returned.
        public var limit: Int

        /// Creates a filter.
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

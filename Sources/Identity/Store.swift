public import Directory

/// Where accounts, sessions and people are kept.
///
/// Rules stay in `Identity` and run inside closures, each one transaction; a store only finds and
/// changes rows. Both calls are async, so that a store whose database is elsewhere can wait: on
/// SQLite a read never suspends, and a write suspends until its commit is on disk.
///
/// It stores the directory too, because an import adds accounts and people in one transaction.
public protocol Store: DirectoryStore {
    /// Runs a body that sees one consistent state of the store.
    ///
    /// - Throws: What the body throws, or the store's own error.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Rows) throws -> Result
    ) async throws -> Result

    /// Looks up how a session stands, ended or not: what every signed-in request asks.
    ///
    /// Apart from `read`, since one statement needs no transaction around it.
    ///
    /// - Throws: The store's own error.
    func status(of session: Session.ID) async throws -> SessionStatus?

    /// Runs a body in a transaction of its own and returns once it is on disk.
    ///
    /// What the body throws undoes all it did. A rule that must both write and refuse returns its
    /// outcome and refuses after the commit. The body may run more than once; it must have no
    /// effect but through its rows.
    ///
    /// - Throws: What the body throws, or the store's own error; `AuthError.busy` when too many
    ///   wait or another process keeps the store from writing.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WritableRows) throws -> Result
    ) async throws -> Result
}

/// What can be found in a store, inside `Store.read` or `Store.write`.
public protocol Rows: DirectoryRows {
    /// The account of that number.
    func account(id: Account.ID) throws -> Account?
    /// The account of that e-mail address, without regard to ASCII case.
    func account(email: String) throws -> Account?
    /// The hash of an account's password in crypt(5) form, such as `$2b$10$…`.
    func passwordHash(of account: Account.ID) throws -> String?
    /// All accounts in the order of their numbers.
    func accounts() throws -> [Account]
    /// The first `limit` accounts whose numbers are greater than one, in their order.
    func accounts(after id: Account.ID, limit: Int) throws -> [Account]
    /// The first `limit` accounts of a range of addresses, in its order.
    ///
    /// What it costs grows with `limit`, not with how many accounts there are.
    func accounts(in range: AddressRange, limit: Int) throws -> [Account]

    /// The session of that number, ended or not, with its account.
    func session(id: Session.ID) throws -> (session: Session, account: Account)?
    /// The live sessions of an account, the latest login first.
    func liveSessions(of account: Account.ID, at now: Timestamp) throws -> [Session]

    /// How many sessions are live, in a time that grows with their number.
    func liveSessionCount(at now: Timestamp) throws -> Int64

    /// The failures that are remembered under a key.
    func failures(_ key: FailureCounter.Key) throws -> FailureCounter?
    /// The newest events that pass a filter, in the order in which they happened.
    func events(_ filter: Event.Filter) throws -> [Event]
}

/// What can be changed in a store, inside `Store.write`.
public protocol WritableRows: Rows, WritableDirectoryRows {
    /// Adds an account.
    ///
    /// - Throws: `AuthError.emailTaken` when the address is some account's, in whatever ASCII case.
    func addAccount(
        email: String, passwordHash: String, role: Role, createdAt: Timestamp
    ) throws -> Account
    /// Stores the account's role and state. The number must exist.
    func updateAccount(_ account: Account) throws
    /// Stores the hash of an account's password. The number must exist.
    func setPasswordHash(_ hash: String, of account: Account.ID) throws
    /// Removes an account with its sessions.
    func removeAccount(id: Account.ID) throws

    /// Adds a session.
    ///
    /// - Returns: `false` when the number is taken.
    func addSession(_ session: Session) throws -> Bool
    /// Stores the session's chain, client, last sight and end. The number must exist.
    func updateSession(_ session: Session) throws
    /// Ends the live sessions of an account, but for one that may be kept.
    ///
    /// - Returns: The numbers of those that it ended.
    func endSessions(
        of account: Account.ID, except kept: Session.ID?, at now: Timestamp
    ) throws -> [Session.ID]
    /// Ends the live sessions of an account but for its newest so many.
    ///
    /// - Returns: The numbers of those that it ended.
    func endSessions(
        of account: Account.ID, keeping count: Int, at now: Timestamp
    ) throws -> [Session.ID]
    /// Ends all sessions that were not ended, of all accounts, also those that have expired.
    ///
    /// - Returns: Their numbers and accounts.
    func endAllSessions(at now: Timestamp) throws -> [(session: Session.ID, account: Account.ID)]
    /// Deletes at most `limit` sessions that expired before a moment.
    func purgeSessions(expiredBefore moment: Timestamp, limit: Int) throws

    /// Remembers failures under a key; `nil` forgets them.
    func setFailures(_ failures: FailureCounter?, _ key: FailureCounter.Key) throws
    /// Forgets at most `limit` keys whose last failure is before a moment, oldest first, and as
    /// many of the oldest of all as are more than `bound`.
    func purgeFailures(before moment: Timestamp, bound: Int, limit: Int) throws

    /// Appends an event.
    func addEvent(_ event: Event) throws
    /// Deletes at most `limit` events from before a moment, oldest first, and as many of the
    /// oldest of all as are more than `bound`.
    func purgeEvents(before moment: Timestamp, bound: Int, limit: Int) throws

    /// Gives accounts and people that are added from now on greater numbers than this.
    func reserveIDs(upTo number: Int64) throws
}

public import Directory

/// Stores accounts, sessions, events and people.
///
/// The rules stay in `Identity` and run inside closures, each of which is one transaction. A store
/// only finds and changes rows. The methods are async so that a store on another host can wait: on
/// SQLite a read never suspends, and a write suspends until its commit is on disk.
///
/// It also stores the directory, because an import adds accounts and people in one transaction.
public protocol Store: DirectoryStore {
    /// Runs a body that sees one consistent state of the store.
    ///
    /// - Throws: What the body throws, or the store's own error.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Rows) throws -> Result
    ) async throws -> Result

    /// Looks up the status of a session, ended or not. Every signed-in request calls this.
    ///
    /// It is separate from `read` because a single statement needs no transaction around it.
    ///
    /// - Throws: The store's own error.
    func status(of session: Session.ID) async throws -> SessionStatus?

    /// Runs a body in a transaction and returns once its changes are on disk.
    ///
    /// If the body throws, its changes are undone. A rule that must both write and refuse returns
    /// its outcome and refuses after the commit. The body may run more than once, so it must have
    /// no effect except through its rows.
    ///
    /// - Throws: What the body throws, or the store's own error; `AuthError.busy` if too many
    ///   writes wait or another process keeps the store from writing.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WritableRows) throws -> Result
    ) async throws -> Result

    /// Checks that the store can be read, that a write can begin, and, if the last commit failed,
    /// that a commit succeeds.
    ///
    /// - Throws: The store's own error; `AuthError.busy`.
    func check() async throws

    /// What the store has done since it was opened.
    var statistics: StoreStatistics { get }

    /// Commits the waiting writes and closes the store. Later reads and writes fail.
    func close()
}

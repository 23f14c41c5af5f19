public import Directory

/// Stores accounts, sessions, events and people.
///
/// The domain rules, such as `Accounts` and `Sessions`, stay in the module `Identity`. They run
/// inside closures, each of which is one transaction. A store only finds and changes rows. The
/// methods are async so that a store on another host could wait for the responses of that host. On
/// SQLite, a read never suspends, and a write suspends until its commit is on disk.
///
/// A store also holds the directory of people, because an import adds accounts and people in one
/// transaction.
public protocol Store: DirectoryStore {
    /// Runs a body that sees one consistent state of the store.
    ///
    /// - Throws: An error thrown by the body or by the store.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Rows) throws -> Result
    ) async throws -> Result

    /// Looks up the status of a session, even if the session has ended.
    ///
    /// Every signed-in request calls this function. It is separate from `read` because a single
    /// statement needs no transaction around it.
    ///
    /// - Throws: An error thrown by the store.
    func status(of session: Session.ID) async throws -> SessionStatus?

    /// Runs a body in a transaction and returns once its changes are on disk.
    ///
    /// If the body throws, its changes are undone. If a request has to be refused and rows have to
    /// be changed all the same, the body returns the outcome, and its caller throws after the
    /// commit. The body may run more than once, so it must have no effect except through its rows.
    ///
    /// - Throws: An error thrown by the body or by the store; `AuthError.busy` if too many writes
    ///   wait or another process keeps the store from writing.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WritableRows) throws -> Result
    ) async throws -> Result

    /// Checks that the store can be read, that a write can begin, and, if the last commit failed,
    /// that a commit succeeds.
    ///
    /// - Throws: An error thrown by the store; `AuthError.busy` if the store cannot write at
    ///   present.
    func check() async throws

    /// Statistics of the store since it was opened.
    var statistics: StoreStatistics { get }

    /// Commits the waiting writes and closes the store, so that later reads and writes fail.
    func close()
}

import Identity

/// Commits waiting writes in groups, so that one sync of the disk serves a whole group.
final class Writer {
    /// A waiting write, with functions that run it and report its result to the caller.
    struct Write: Sendable {
        /// Runs the body and returns a function that reports the result.
        ///
        /// The returned function must be called once the commit is on disk.
        let attempt: @Sendable (Writer) throws -> () -> Void
        /// Reports to the caller that the commit has failed.
        let fail: @Sendable (any Error) -> Void

        init<Success: Sendable>(
            _ body: @escaping @Sendable (any WritableRows) throws -> Success,
            whenDone report: @escaping @Sendable (Result<Success, any Error>) -> Void
        ) {
            attempt = { writer in
                let outcome = try writer.attempt(body)
                return { report(outcome) }
            }
            fail = { error in report(.failure(error)) }
        }
    }

    let rows: SQLiteRows
    /// The error with which the disk has refused a transaction.
    ///
    /// After such an error, the writer is unusable.
    private(set) var diskError: SQLiteError?
    /// Whether the last transaction timed out because another process held the lock.
    private var isLockedOut = false
    private let onEvent: @Sendable (SQLiteStoreEvent) -> Void
    private let begin: Statement
    private let commit: Statement
    private let savepoint: Statement
    private let release: Statement
    private let rollBackToSavepoint: Statement

    init(
        path: String, cache: Int = SQLiteStore.defaultCache, createIfMissing: Bool = true,
        onEvent: @escaping @Sendable (SQLiteStoreEvent) -> Void = { _ in }
    ) throws {
        self.onEvent = onEvent
        rows = try SQLiteRows(path: path, for: .writing, createIfMissing: createIfMissing)
        try rows.connection.execute("PRAGMA cache_size = -\(cache)")
        begin = try Statement("BEGIN IMMEDIATE", on: rows.connection)
        commit = try Statement("COMMIT", on: rows.connection)
        savepoint = try Statement("SAVEPOINT write", on: rows.connection)
        release = try Statement("RELEASE write", on: rows.connection)
        rollBackToSavepoint = try Statement("ROLLBACK TO write", on: rows.connection)
    }

    /// Runs writes in one transaction and reports to their callers once the transaction is on disk.
    ///
    /// If the transaction fails, every caller gets the error of the transaction. This includes
    /// callers whose body has thrown, because the body may have thrown due to changes of earlier
    /// writes in the group, which are undone.
    ///
    /// - Parameters:
    ///   - writes: The writes that share the transaction.
    ///   - note: Called before the results are reported, with true if the transaction is on disk.
    /// - Returns: Whether the transaction is on disk.
    @discardableResult
    func commit(_ writes: [Write], noting note: (Bool) -> Void = { _ in }) -> Bool {
        var outcomes: [() -> Void] = []
        outcomes.reserveCapacity(writes.count)
        do {
            try begin.run()
            if isLockedOut {
                rows.connection.busyTimeout(.long)
                isLockedOut = false
                onEvent(.unlocked)
            }
            for write in writes { outcomes.append(try write.attempt(self)) }
            try commit.run()
        } catch {
            // Some errors roll the transaction back (https://sqlite.org/lang_transaction.html,
            // section 3).
            if rows.connection.isInTransaction { try? rows.connection.execute("ROLLBACK") }
            if let error = error as? SQLiteError, error.isRefusalByDisk { diskError = error }
            // If SQLite is busy and no write has run, another process has held the lock for too
            // long. Until the lock is free, later transactions wait for a shorter time, so that
            // requests do not pile up.
            let isLocked = outcomes.isEmpty && (error as? SQLiteError)?.isBusy == true
            if isLocked, !isLockedOut {
                rows.connection.busyTimeout(.short)
                isLockedOut = true
                onEvent(.locked)
            }
            note(false)
            for write in writes { write.fail(isLocked ? AuthError.busy : error) }
            return false
        }
        note(true)
        for report in outcomes { report() }
        return true
    }

    /// Commits a write that changes nothing, to check that the disk accepts writes.
    ///
    /// The check is necessary because a database on a read-only disk can be opened.
    ///
    /// - Throws: The error with which the disk refused the write. Other errors are ignored here,
    ///   because later writes report them.
    func probeWrite() throws {
        do {
            try rows.connection.transaction { try rows.touch() }
        } catch let error as SQLiteError where !error.isRefusalByDisk {}
    }

    /// Runs a body in a savepoint, so that its failure does not undo other writes of the group.
    ///
    /// - Throws: The error that has rolled back the transaction of the whole group.
    func attempt<Success>(
        _ body: (any WritableRows) throws -> Success
    ) throws -> Result<Success, any Error> {
        try savepoint.run()
        do {
            let value = try body(rows)
            try release.run()
            return .success(value)
        } catch {
            guard rows.connection.isInTransaction else {
                // All callers of the group get this error, so an error thrown by this body itself
                // is replaced.
                throw error is SQLiteError ? error : SQLiteStoreError.transactionLost
            }
            try rollBackToSavepoint.run()
            try release.run()
            return .failure(error)
        }
    }
}

import Identity

/// Commits the writes that wait, in groups: one sync of the disk serves them all.
final class Writer {
    let rows: SQLiteRows
    /// Why the disk has refused a transaction; from then on the writer is of no use.
    private(set) var refusal: SQLiteError?
    /// Whether the last transaction has waited in vain for another process.
    private var isLockedOut = false
    private let onEvent: @Sendable (SQLiteStoreEvent) -> Void
    private let begin: Statement
    private let commit: Statement
    private let savepoint: Statement
    private let release: Statement
    private let rollBackToSavepoint: Statement

    init(
        path: String, cache: Int = SQLiteStore.usualCache, createIfMissing: Bool = true,
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

    /// Runs writes in one transaction and tells their callers once it is on disk.
    ///
    /// When the transaction fails, every caller gets its error, also those whose body had thrown:
    /// what they saw of the neighbours before them never came to be.
    ///
    /// - Parameters:
    ///   - writes: What shares the transaction.
    ///   - note: Hears whether it is on disk, before the callers do.
    /// - Returns: Whether it is on disk.
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
            // Some errors have rolled back already (https://sqlite.org/lang_transaction.html, 3).
            if rows.connection.isInTransaction { try? rows.connection.execute("ROLLBACK") }
            if let error = error as? SQLiteError, error.isRefusalByDisk { refusal = error }
            // Another process has held the lock for too long; nothing has run. Nor does what comes
            // next wait as long, until the lock is free: requests would pile up here.
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
        for tell in outcomes { tell() }
        return true
    }

    /// Commits what changes nothing: a database on a read-only disk can be opened all the same.
    ///
    /// - Throws: Why the disk refuses it. Other trouble is for the writes to meet.
    func probeWrite() throws {
        do {
            try rows.connection.transaction { try rows.touch() }
        } catch let error as SQLiteError where !error.isRefusalByDisk {}
    }

    /// Runs a body in a savepoint, so that its failure undoes nothing of its neighbours'.
    ///
    /// - Throws: The error that has ended the whole group's transaction.
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
                // Neighbours must not hear of a refusal that is not theirs.
                throw error is SQLiteError ? error : SQLiteStoreError.transactionLost
            }
            try rollBackToSavepoint.run()
            try release.run()
            return .failure(error)
        }
    }
}

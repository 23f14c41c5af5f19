import CSQLite
import Glibc

extension Connection {
    /// Sets up durability and foreign keys, and migrates the tables to the version that this
    /// program needs.
    func setUpForWriting() throws {
        try startLog()
        // With FULL, an acknowledged logout survives a power cut. With NORMAL, it may be lost.
        try execute("PRAGMA synchronous = FULL")
        try execute("PRAGMA foreign_keys = ON")
        try Migrations().run(on: self)
        // Growing the log only makes commits faster. If it fails, as on a full disk, the store can
        // still be read.
        try? growLog()
    }

    /// Switches the file to WAL mode, which is permanent.
    ///
    /// If several processes switch a new file at the same time, one succeeds, and SQLite refuses
    /// the others without waiting for `busy_timeout`. So this method itself retries for as long as
    /// `busy_timeout` would wait.
    private func startLog() throws {
        let pragma = try Statement("PRAGMA journal_mode = WAL", on: self)
        var waits = 0
        while true {
            do {
                let mode = try pragma.first { $0.text(0) } ?? "none"
                guard mode == "wal" else { throw SQLiteStoreError.noWriteAheadLog(mode: mode) }
                return
            } catch let error as SQLiteError where error.code == SQLITE_BUSY && waits < 500 {
                waits += 1
                usleep(10_000)
            }
        }
    }

    /// Grows the write-ahead log to the size that it reaches between two checkpoints, which SQLite
    /// makes after every 1000 pages.
    ///
    /// A commit that makes the log longer also waits for the file system's journal, so the log is
    /// grown in advance. This method writes a large row and rolls the transaction back. Pages that
    /// do not fit into the cache are written to the log before the commit. The rollback leaves them
    /// in the log, where later commits overwrite them. The database does not change, and nothing is
    /// synced.
    private func growLog() throws {
        let length: Int64 = 4 * 1024 * 1024
        var log = stat()
        guard stat(path + "-wal", &log) != 0 || log.st_size < length else { return }

        try execute("PRAGMA cache_size = 16")
        defer { try? execute("PRAGMA cache_size = -2000") }
        try execute("BEGIN IMMEDIATE")
        defer { if isInTransaction { try? execute("ROLLBACK") } }
        try execute("CREATE TABLE padding (bytes)")
        try execute("INSERT INTO padding VALUES (zeroblob(\(length)))")
    }
}

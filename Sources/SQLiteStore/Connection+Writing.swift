import CSQLite
import Glibc

extension Connection {
    /// Makes the database what the store promises, and its tables those of this version.
    func setUpForWriting() throws {
        try startLog()
        // FULL: a logout that was answered survives a power cut; NORMAL may lose it.
        try execute("PRAGMA synchronous = FULL")
        try execute("PRAGMA foreign_keys = ON")
        try Migrations().run(on: self)
        // Only for speed: where it fails, as on a full disk, the store can still be read.
        try? growLog()
    }

    /// Brings the file into WAL mode, where it stays.
    ///
    /// Of processes that do this to a new file at once, SQLite lets one through and refuses the
    /// others without the wait of `busy_timeout`: they wait here, as long.
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

    /// Makes the write-ahead log as long as it gets between two checkpoints of 1000 pages.
    ///
    /// A commit that makes the file longer waits for the file system's own log as well. Pages that
    /// do not fit the cache go to the log before their commit, and a rollback leaves them there to
    /// be written over: the database has not changed, and nothing was synced.
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

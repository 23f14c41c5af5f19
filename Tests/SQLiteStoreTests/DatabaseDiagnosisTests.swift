import Glibc
import Identity
import Testing

@testable import SQLiteStore

struct DatabaseDiagnosisTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func diagnosis(immutable: Bool) throws -> DatabaseDiagnosis {
        try DatabaseDiagnosis(path: directory.database, immutable: immutable)
    }

    private func isThere(_ suffix: String) -> Bool {
        access(directory.database + suffix, F_OK) == 0
    }

    @Test func `a database is examined while a store writes to it`() throws {
        let rows = try SQLiteRows(path: directory.database, for: .writing)
        #expect(try diagnosis(immutable: false).version == DatabaseFile.knownVersion)
        #expect(try diagnosis(immutable: false).damage == nil)
        #expect(try !diagnosis(immutable: false).hasAdministrator)
        #expect(try diagnosis(immutable: false).newestEvent == nil)
        try rows.connection.execute(
            """
            INSERT INTO accounts (email, password_hash, role, is_disabled, created_at)
            VALUES ('a@example.com', '', 'admin', 0, 0);
            INSERT INTO events (at, kind, actor, address, detail) VALUES (8, 'login', '', '', '')
            """)
        #expect(try diagnosis(immutable: false).hasAdministrator)
        #expect(try diagnosis(immutable: false).newestEvent == Timestamp(milliseconds: 8))
        try rows.connection.execute("UPDATE accounts SET is_disabled = 1")
        #expect(try !diagnosis(immutable: false).hasAdministrator)
    }

    @Test func `no file is created beside a database that no process has open`() throws {
        _ = try SQLiteRows(path: directory.database, for: .writing)
        #expect(!isThere("-wal"))
        #expect(try diagnosis(immutable: true).damage == nil)
        #expect(!isThere("-wal") && !isThere("-shm"))
    }

    @Test func `a path with URI characters is still a path`() throws {
        let path = directory.database + "?mode=memory#%41 é"
        _ = try SQLiteRows(path: path, for: .writing)
        defer { unlink(path) }
        #expect(
            try DatabaseDiagnosis(path: path, immutable: true).version == DatabaseFile.knownVersion)
    }

    @Test func `a damaged file is reported as damaged`() throws {
        _ = try SQLiteRows(path: directory.database, for: .writing)
        let file = open(directory.database, O_WRONLY)
        let noise = [UInt8](repeating: 0xFF, count: 8192)
        #expect(pwrite(file, noise, noise.count, 4096) == noise.count)
        #expect(try diagnosis(immutable: true).damage != nil)
        #expect(pwrite(file, noise, noise.count, 0) == noise.count)
        close(file)
        #expect(try diagnosis(immutable: true).damage == "file is not a database")
    }

    @Test func `a missing file is not created`() throws {
        #expect(throws: SQLiteError.self) { try diagnosis(immutable: true).version }
        #expect(throws: SQLiteError.self) { try diagnosis(immutable: false).version }
        #expect(!isThere(""))
    }
}

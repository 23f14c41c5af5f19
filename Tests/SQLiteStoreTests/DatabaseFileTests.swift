import Directory
import Glibc
import Identity
import Testing

@testable import SQLiteStore

struct DatabaseFileTests {
    let directory: TemporaryDirectory
    let other: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        other = try TemporaryDirectory()
    }

    private func open(_ directory: TemporaryDirectory) throws -> DatabaseFile {
        try DatabaseFile(path: directory.database, mayWrite: true)
    }

    /// A store with the given number of people of that first name.
    private func fill(_ directory: TemporaryDirectory, with name: String, _ count: Int) throws {
        let rows = try SQLiteRows(path: directory.database, for: .writing)
        try rows.connection.transaction {
            for number in 0..<count {
                _ = try rows.addPerson(firstName: name, lastName: "\(number)")
            }
        }
    }

    private func names(_ directory: TemporaryDirectory) throws -> Set<String> {
        Set(try SQLiteRows(path: directory.database, for: .reading).people().map(\.firstName))
    }

    @Test func `a copy is a snapshot, whatever is being written`() throws {
        try fill(directory, with: "before", 10)
        let writer = try SQLiteRows(path: directory.database, for: .writing)

        try writer.connection.transaction {
            _ = try writer.addPerson(firstName: "after", lastName: "")
            // Does not wait for the writer, which could not go on if it did.
            try open(directory).copy(to: other.database)
        }

        let copy = try open(other)
        #expect(try copy.check() == 0)
        #expect(try copy.contents().people == 10)
        #expect(try open(directory).contents().people == 11)
    }

    @Test func `a copy is one file without deleted data`() throws {
        try fill(directory, with: "Rumpelstilzchen", 5)
        let rows = try SQLiteRows(path: directory.database, for: .writing)
        try rows.connection.transaction { _ = try rows.removePerson(id: 3) }
        try rows.connection.transaction {
            for id in Int64(1)...5 { _ = try rows.removePerson(id: id) }
        }

        try open(directory).copy(to: other.database)

        _ = try DatabaseFile(path: other.database, mayWrite: false).contents()
        #expect(access(other.database + "-wal", F_OK) != 0)
        #expect(access(other.database + "-shm", F_OK) != 0)
        let text = try bytes(of: other.database)
        #expect(!text.contains("Rumpelstilzchen"))
    }

    @Test func `a copy does not replace a database`() throws {
        try fill(directory, with: "new", 1)
        try fill(other, with: "old", 1)

        #expect(throws: SQLiteError.self) { try open(directory).copy(to: other.database) }

        #expect(try names(other) == ["old"])
    }

    @Test func `a copy keeps the numbers that have been assigned`() throws {
        try fill(directory, with: "A", 3)
        let rows = try SQLiteRows(path: directory.database, for: .writing)
        try rows.connection.transaction { _ = try rows.removePerson(id: 3) }

        try open(directory).copy(to: other.database)

        let copied = try SQLiteRows(path: other.database, for: .writing)
        try copied.connection.transaction {
            let person = try copied.addPerson(firstName: "B", lastName: "")
            #expect(person.id == 4)
        }
    }

    @Test func `the contents of a file of the first version are read without changing it`() throws {
        let connection = try Connection(path: directory.database, createIfMissing: true)
        try Migrations(steps: Array(Migrations().steps.prefix(1))).run(on: connection)
        try connection.execute("INSERT INTO people VALUES (5, 'A', 'B')")

        let contents = try open(directory).contents()

        #expect(contents == .init(version: 1, accounts: 0, sessions: 0, people: 1))
        #expect(DatabaseFile.knownVersion == Int64(Migrations().steps.count))
    }

    @Test func `another program's database is recognised as foreign`() throws {
        let connection = try Connection(path: directory.database, createIfMissing: true)
        #expect(try open(directory).isEmpty)
        try connection.execute("CREATE TABLE accounts (id); CREATE VIEW people AS SELECT 1")

        #expect(throws: SQLiteStoreError.foreignDatabase(missing: "sessions")) {
            try open(directory).contents()
        }
        #expect(try open(directory).isEmpty == false)
    }

    @Test func `an index that does not fit its table is found`() throws {
        try fill(directory, with: "A", 3)
        do {
            let connection = try Connection(path: directory.database, createIfMissing: false)
            try connection.execute("CREATE INDEX odd ON people (first_name) WHERE id > 1")
        }
        // The log is in the file now, because the last connection is closed.
        try directory.overwrite("(first_name) WHERE id > 1", with: "(first_name) WHERE id > 2")

        #expect(throws: SQLiteStoreError.self) { try open(directory).check() }
    }

    @Test func `rows that refer to nothing are counted`() throws {
        try fill(directory, with: "A", 1)
        let connection = try Connection(path: directory.database, createIfMissing: false)
        try connection.execute("PRAGMA foreign_keys = OFF")
        try connection.execute(
            "INSERT INTO sessions VALUES (7, 4, 1, 2, NULL, 0, 0, NULL, 1, 1, NULL, 1, '', '')")

        #expect(try open(directory).check() == 1)
    }

    @Test func `an idle connection prevents the exclusive lock`() throws {
        try fill(directory, with: "A", 1)
        let idle = try SQLiteRows(path: directory.database, for: .reading)
        _ = try idle.people()

        #expect(throws: SQLiteStoreError.inUse) { try open(directory).lockOthersOut() }
        #expect(try idle.people().count == 1)
    }

    @Test func `the holder of the exclusive lock is alone and has no log`() throws {
        try fill(directory, with: "A", 1)
        let database = try open(directory)
        try database.lockOthersOut()

        let second = try Connection(path: directory.database, createIfMissing: false)
        second.busyTimeout(.short)
        let error = #expect(throws: SQLiteError.self) {
            try second.execute("SELECT * FROM people")
        }
        #expect(error?.isBusy == true)
        #expect(access(directory.database + "-wal", F_OK) != 0)
        #expect(throws: SQLiteStoreError.inUse) { try open(directory).lockOthersOut() }
        _ = try database.contents()
    }

    @Test(arguments: [0, 20_000])
    func `replacing the contents of a file keeps its owner and mode`(before: Int) throws {
        try fill(directory, with: "new", 5_000)
        try fill(other, with: "old", before)
        try #require(chmod(other.database, 0o640) == 0)
        try #require(geteuid() != 0 || chown(other.database, 12345, 12346) == 0)
        var old = stat()
        try #require(stat(other.database, &old) == 0)

        let source = try open(directory)
        try source.leaveLog()
        try {
            let target = try open(other)
            try target.lockOthersOut()
            try target.replaceContents(with: source)
        }()

        var new = stat()
        try #require(stat(other.database, &new) == 0)
        #expect((new.st_ino, new.st_uid, new.st_gid) == (old.st_ino, old.st_uid, old.st_gid))
        #expect(new.st_mode & 0o777 == 0o640)
        #expect(try names(other) == ["new"])
        #expect(try open(other).check() == 0)
    }

    @Test func `a failed replacement leaves the file as it was`() throws {
        try fill(other, with: "old", 3)
        // The copy fails if its source changes meanwhile.
        try fill(directory, with: "new", 3)
        let source = try open(directory)
        let writer = try Connection(path: directory.database, createIfMissing: false)
        try writer.execute("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE")

        #expect(throws: SQLiteError.self) {
            let target = try open(other)
            try target.lockOthersOut()
            try target.replaceContents(with: source)
        }

        #expect(try names(other) == ["old"])
    }
}

/// A file's bytes as a text in which words can be looked for.
private func bytes(of path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
        bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
}

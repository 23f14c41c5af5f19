import Directory
import Glibc
import Identity
import Testing
import Threads

@testable import SQLiteStore

/// Trouble with the file: what is reported, how often, and that it ends.
struct SQLiteStoreEventTests {
    let directory: TemporaryDirectory
    let reports = Guarded<[String]>([])

    init() throws { directory = try TemporaryDirectory() }

    private var onEvent: @Sendable (SQLiteStoreEvent) -> Void {
        { [reports] event in
            let name =
                switch event {
                case .unopened(let error): "unopened: \(error)"
                case .refused: "refused"
                case .opened: "opened"
                case .locked: "locked"
                case .unlocked: "unlocked"
                case .damaged: "damaged"
                }
            reports.withLock { $0.append(name) }
        }
    }

    @Test func `a retrying store opens its file as soon as possible`() async throws {
        let folder = directory.database + "-folder"
        let path = folder + "/gatehouse.db"
        #expect(throws: SQLiteError.self) { _ = try SQLiteStore(path: path) }

        let store = try SQLiteStore(path: path, retriesOpening: true, onEvent: onEvent)
        defer { store.close() }
        for _ in 0..<3 {
            await #expect(throws: SQLiteError.self) { try await readOne(of: store) }
            await #expect(throws: SQLiteError.self) { try await store.write { _ in } }
        }
        let unopened = try #require(reports.withLock { $0.first })
        #expect(unopened.hasPrefix("unopened: ") && unopened.contains("No such file or directory"))

        #expect(mkdir(folder, 0o700) == 0)
        while (try? await readOne(of: store)) == nil { await Task.yield() }
        #expect(try await store.write { try $0.addPerson(firstName: "A", lastName: "B") }.id == 1)
        #expect(reports.withLock { $0 } == [unopened, "opened"])
    }

    @Test func `a retrying store that was never opened can be closed`() async throws {
        let path = directory.database + "-folder/gatehouse.db"
        let store = try SQLiteStore(path: path, retriesOpening: true, onEvent: onEvent)
        store.close()

        await #expect(throws: SQLiteStoreError.closed) { try await store.write { _ in } }
        await #expect(throws: SQLiteStoreError.closed) { _ = try await store.read { _ in } }
    }

    @Test func `a lock that is held is reported once, and so is its end`() throws {
        let writer = try Writer(path: directory.database, onEvent: onEvent)
        let other = try Connection(path: directory.database, createIfMissing: false)
        try other.execute("BEGIN IMMEDIATE")
        try writer.rows.connection.execute("PRAGMA busy_timeout = 20")
        let write = Writer.Write({ _ in }, whenDone: { (_: Result<Void, any Error>) in })

        #expect(!writer.commit([write]))
        #expect(!writer.commit([write]))
        #expect(reports.withLock { $0 } == ["locked"])
        try other.execute("COMMIT")
        #expect(writer.commit([write]))
        #expect(writer.commit([write]))
        #expect(reports.withLock { $0 } == ["locked", "unlocked"])
    }

    @Test func `a file that refuses a write is closed, and reopened once it accepts writes`()
        async throws
    {
        let store = try SQLiteStore(path: directory.database, onEvent: onEvent)
        defer { store.close() }
        for number in 1...3 {
            _ = try await store.write { try $0.addPerson(firstName: "A", lastName: "\(number)") }
        }
        try await readOne(of: store)
        #expect(openFiles().count > 2)
        // What SQLite then says of a write, it says of one to a read-only disk too.
        try await store.write { rows in
            try #require(rows as? SQLiteRows).connection.execute("PRAGMA query_only = ON")
        }
        let away = directory.database + "-away"
        #expect(rename(directory.database, away) == 0)

        await #expect(throws: SQLiteError.self) {
            try await store.write { try $0.addPerson(firstName: "B", lastName: "1") }
        }
        // The next request runs after the group has ended, and with it the writer.
        await #expect(throws: SQLiteError.self) { try await readOne(of: store) }
        #expect(openFiles() == [])
        let end = ContinuousClock.now + .seconds(20)
        while reports.withLock({ $0.count }) < 2, ContinuousClock.now < end {
            #expect((try? await store.write { _ in }) == nil)
            #expect((try? await readOne(of: store)) == nil)
        }
        #expect(openFiles() == [])
        // Nor is an empty database made in the other's place.
        #expect(length(of: directory.database) == nil)

        #expect(rename(away, directory.database) == 0)
        while (try? await readOne(of: store)) == nil, ContinuousClock.now < end {
            await Task.yield()
        }
        _ = try await store.write { try $0.addPerson(firstName: "C", lastName: "1") }
        let names = try await store.read { try $0.people().map(\.firstName) }
        #expect(names == ["A", "A", "A", "C"])
        let said = reports.withLock { $0 }
        #expect(said.count == 3 && said[0] == "refused" && said[2] == "opened")
        #expect(said[1].hasPrefix("unopened: ") && said[1].contains("No such file or directory"))
    }

    @Test func `a full disk does not close the file`() async throws {
        let store = try SQLiteStore(path: directory.database, onEvent: onEvent)
        defer { store.close() }
        _ = try await store.write { try $0.addPerson(firstName: "A", lastName: "1") }
        let before = openFiles()
        await #expect(throws: SQLiteError.self) {
            try await store.write { rows in
                let connection = try #require(rows as? SQLiteRows).connection
                let pages = try connection.text(of: "PRAGMA page_count")
                try connection.execute("PRAGMA max_page_count = \(pages)")
                defer { try? connection.execute("PRAGMA max_page_count = 1000000") }
                for _ in 0..<1000 { _ = try rows.addPerson(firstName: "B", lastName: "1") }
            }
        }
        _ = try await store.write { try $0.addPerson(firstName: "C", lastName: "1") }
        #expect(openFiles().sorted() == before.sorted() && !before.isEmpty)
        #expect(reports.withLock { $0 } == [])
    }

    @Test func `damage is reported once`() async throws {
        let store = try SQLiteStore(path: directory.database, onEvent: onEvent)
        defer { store.close() }
        _ = try await store.write { try $0.addPerson(firstName: "A", lastName: "B") }
        let other = try Connection(path: directory.database, createIfMissing: false)
        try other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        let size = try #require(length(of: directory.database))
        let file = open(directory.database, O_WRONLY)
        // All but the first page, which has the tables' names.
        let rubbish = [UInt8](repeating: 0xA5, count: size - 4096)
        #expect(pwrite(file, rubbish, rubbish.count, 4096) == rubbish.count)
        close(file)

        for _ in 0..<3 {
            await #expect(throws: SQLiteError.self) { try await readOne(of: store) }
        }
        #expect(reports.withLock { $0 } == ["damaged"])
    }

    private func readOne(of store: SQLiteStore) async throws {
        _ = try await store.read { try $0.person(id: 1) }
    }

    /// The files of the database that this process has open.
    private func openFiles() -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob("/proc/self/fd/*", 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { index in
            var name = [CChar](repeating: 0, count: 4096)
            guard let link = found.gl_pathv[index] else { return nil }
            let count = readlink(link, &name, name.count)
            guard count > 0 else { return nil }
            let path = String(decoding: name[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
            return path.hasPrefix(directory.path) ? path : nil
        }
    }

    private func length(of path: String) -> Int? {
        var file = stat()
        return stat(path, &file) == 0 ? Int(file.st_size) : nil
    }
}

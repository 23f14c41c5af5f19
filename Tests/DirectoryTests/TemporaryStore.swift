import Directory
import Glibc
import Identity
import SQLiteStore

/// The directory on an empty store, removed after the test.
final class TemporaryStore: Sendable {
    let people: People
    let store: SQLiteStore
    private let path: String

    init() throws {
        path = "/tmp/directory-test-\(UInt64.random(in: .min ... .max)).db"
        store = try SQLiteStore(path: path)
        people = People(store: store)
    }

    deinit {
        store.close()
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    }
}

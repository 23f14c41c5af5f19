import Glibc
import Identity
import Testing

@testable import SQLiteStore

struct SQLiteStoreReadersTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test(arguments: [0, 3])
    func `the connections for reading are open before the first read`(readers: Int) async throws {
        let store = try SQLiteStore(path: directory.database, readers: readers)
        defer { store.close() }
        let before = openFiles()

        _ = try await store.read { try $0.account(id: 1) }

        // The writer has a connection of its own.
        #expect(before == 1 + readers)
        #expect(openFiles() == max(before, 2))
    }

    /// The number of this process's descriptors of the database file, without those of its log.
    private func openFiles() -> Int {
        (0..<4096).filter { descriptor in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
                guard let start = buffer.baseAddress else { return false }
                let length = readlink("/proc/self/fd/\(descriptor)", start, buffer.count - 1)
                guard length > 0 else { return false }
                buffer[length] = 0
                return String(cString: start) == directory.database
            }
        }.count
    }
}

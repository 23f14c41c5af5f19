import Directory
import Identity
import SQLiteStore
import Testing

/// A kind of store that must keep the contract of `Identity.Store`.
struct StoreFactory: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Runs a body on an empty store.
    let withStore: @Sendable (_ body: (any Store) async throws -> Void) async throws -> Void

    static let all = [sqlite]

    static let sqlite = StoreFactory(testDescription: "SQLite") { body in
        let directory = try TemporaryDirectory()
        let store = try SQLiteStore(path: directory.database)
        defer { store.close() }
        try await body(store)
    }
}

extension WritableRows {
    /// Adds an account of which only the address matters.
    func addSampleAccount(email: String = "ann@example.com") throws -> Account {
        try addAccount(
            email: email, passwordHash: "$2b$10$hash", role: .user,
            createdAt: Timestamp(milliseconds: 1_700_000_000_123))
    }
}

extension Session {
    /// A session of which only the number and the account matter.
    static func sample(
        id: Session.ID = 7, of account: Account, startedAt: Timestamp = Timestamp(seconds: 1_000),
        expiresAt: Timestamp = Timestamp(seconds: 2_000), endedAt: Timestamp? = nil
    ) -> Session {
        Session(
            id: id, accountID: account.id, startedAt: startedAt, expiresAt: expiresAt,
            family: RefreshTokenFamily(startedAt: startedAt), seenAt: startedAt,
            client: Client(address: "192.0.2.1", device: "Firefox on Linux"), endedAt: endedAt)
    }
}

extension Rows {
    /// All people, their names copied.
    func people() throws -> [Person] {
        var people: [Person] = []
        try forEachPerson { id, firstName, lastName in
            people.append(
                Person(id: id, firstName: String(firstName), lastName: String(lastName)))
        }
        return people
    }
}

extension String {
    /// A copy of bytes that are UTF-8.
    init(_ bytes: Span<UInt8>) {
        self.init(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
}

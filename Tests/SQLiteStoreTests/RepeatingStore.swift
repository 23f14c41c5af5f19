import Identity
import SQLiteStore

/// A store that runs each writing body twice, as a store with concurrent transactions may do: the
/// first run is rolled back.
struct RepeatingStore: Store {
    private struct FirstRun: Error {}

    let store: any Store

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Rows) throws -> Result
    ) async throws -> Result { try await store.read(body) }

    func status(of session: Session.ID) async throws -> SessionStatus? {
        try await store.status(of: session)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WritableRows) throws -> Result
    ) async throws -> Result {
        do {
            try await store.write { rows in
                _ = try body(rows)
                throw FirstRun()
            }
        } catch is FirstRun {}
        return try await store.write(body)
    }

    func check() async throws { try await store.check() }
    var statistics: StoreStatistics { store.statistics }
    func close() { store.close() }
}

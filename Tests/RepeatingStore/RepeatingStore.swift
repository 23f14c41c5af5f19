public import Identity

/// A store that runs each writing body twice, as a store with concurrent transactions may do: the
/// first run is rolled back.
public struct RepeatingStore: Store {
    private struct FirstRun: Error {}

    private let store: any Store

    /// Wraps a store.
    public init(_ store: any Store) { self.store = store }

    /// Runs a reading body once.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any Rows) throws -> Result
    ) async throws -> Result { try await store.read(body) }

    /// Looks up the status of a session.
    public func status(of session: Session.ID) async throws -> SessionStatus? {
        try await store.status(of: session)
    }

    /// Runs a writing body, undoes what it did, and runs it again.
    ///
    /// - Throws: What the body throws.
    public func write<Result: Sendable>(
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

    /// Checks the store.
    public func check() async throws { try await store.check() }
    /// The statistics of the store.
    public var statistics: StoreStatistics { store.statistics }
    /// Closes the store.
    public func close() { store.close() }
}

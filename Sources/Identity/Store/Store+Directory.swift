public import Directory

// A store of accounts is also a store of the directory of people, because the protocol `Rows`
// includes `DirectoryRows`.
extension Store {
    /// Runs a body that sees one consistent state of the directory.
    ///
    /// - Throws: An error thrown by the body or by the store.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any DirectoryRows) throws -> Result
    ) async throws -> Result {
        try await read { (rows: any Rows) in try body(rows) }
    }

    /// Runs a body in a transaction and returns once its changes are on disk.
    ///
    /// - Throws: An error thrown by the body or by the store.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WritableDirectoryRows) throws -> Result
    ) async throws -> Result {
        try await write { (rows: any WritableRows) in try body(rows) }
    }
}

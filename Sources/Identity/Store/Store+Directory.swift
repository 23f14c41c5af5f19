public import Directory

// The store that holds accounts holds the directory too: its rows are rows of the directory.
extension Store {
    /// Runs a body that sees one consistent state of the directory.
    ///
    /// - Throws: What the body throws, or the store's own error.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any DirectoryRows) throws -> Result
    ) async throws -> Result {
        try await read { (rows: any Rows) in try body(rows) }
    }

    /// Runs a body in a transaction and returns once it is on disk.
    ///
    /// - Throws: What the body throws, or the store's own error.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WritableDirectoryRows) throws -> Result
    ) async throws -> Result {
        try await write { (rows: any WritableRows) in try body(rows) }
    }
}

public import Directory

// The store that holds accounts holds the directory too: its rows are rows of the directory.
extension Store {
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any DirectoryRows) throws -> Result
    ) async throws -> Result {
        try await read { (rows: any Rows) in try body(rows) }
    }

    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WritableDirectoryRows) throws -> Result
    ) async throws -> Result {
        try await write { (rows: any WritableRows) in try body(rows) }
    }
}

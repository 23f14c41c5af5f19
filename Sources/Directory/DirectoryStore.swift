/// Stores the directory.
///
/// The rules run inside the closures, each of which is one transaction; a store only finds and
/// changes rows. Both methods are async so that a store on another host can wait.
public protocol DirectoryStore: Sendable {
    /// Runs a body that sees one consistent state of the store.
    ///
    /// - Throws: What the body throws, or the store's own error.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any DirectoryRows) throws -> Result
    ) async throws -> Result

    /// Runs a body in a transaction and returns once it is on disk.
    ///
    /// If the body throws, its changes are undone. The body may run more than once, so it must have
    /// no effect except through its rows.
    ///
    /// - Throws: What the body throws, or the store's own error.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WritableDirectoryRows) throws -> Result
    ) async throws -> Result
}

/// What can be found in the directory: the rows of each resource.
public typealias DirectoryRows = PersonRows

/// What can be changed in the directory: the rows of each resource.
public typealias WritableDirectoryRows = WritablePersonRows

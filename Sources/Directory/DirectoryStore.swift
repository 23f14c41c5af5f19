/// A store for the entries of the directory.
///
/// The domain rules, such as `People`, run inside the closures, each of which is one transaction. A
/// store only finds and changes rows. Both methods are async, so that an implementation can wait
/// for a database on another host.
public protocol DirectoryStore: Sendable {
    /// Runs a body that sees one consistent state of the store.
    ///
    /// - Throws: Any error thrown by the body or by the store.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any DirectoryRows) throws -> Result
    ) async throws -> Result

    /// Runs a body in a transaction and returns once the transaction is on disk.
    ///
    /// If the body throws, its changes are undone. The body may run more than once, so it must have
    /// no effect except through its rows.
    ///
    /// - Throws: Any error thrown by the body or by the store.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any WritableDirectoryRows) throws -> Result
    ) async throws -> Result
}

/// All rows of the directory that can be read.
public typealias DirectoryRows = PersonRows

/// All rows of the directory that can be read and changed.
public typealias WritableDirectoryRows = WritablePersonRows

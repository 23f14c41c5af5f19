import Identity

/// A write that waits for its turn, and how to tell its caller what became of it.
struct Write: Sendable {
    /// Runs the body; what it returns tells the caller, once the commit is on disk.
    let attempt: @Sendable (Writer) throws -> () -> Void
    /// Tells the caller that the commit has failed.
    let fail: @Sendable (any Error) -> Void

    init<Success: Sendable>(
        _ body: @escaping @Sendable (any WritableRows) throws -> Success,
        whenDone tell: @escaping @Sendable (Result<Success, any Error>) -> Void
    ) {
        attempt = { writer in
            let outcome = try writer.attempt(body)
            return { tell(outcome) }
        }
        fail = { error in tell(.failure(error)) }
    }
}

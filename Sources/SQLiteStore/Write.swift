import Identity

/// A waiting write, with the way to report the result to its caller.
struct Write: Sendable {
    /// Runs the body and returns a function that reports the result, to be called once the commit
    /// is on disk.
    let attempt: @Sendable (Writer) throws -> () -> Void
    /// Reports to the caller that the commit has failed.
    let fail: @Sendable (any Error) -> Void

    init<Success: Sendable>(
        _ body: @escaping @Sendable (any WritableRows) throws -> Success,
        whenDone report: @escaping @Sendable (Result<Success, any Error>) -> Void
    ) {
        attempt = { writer in
            let outcome = try writer.attempt(body)
            return { report(outcome) }
        }
        fail = { error in report(.failure(error)) }
    }
}

/// Work that the server repeats in the background, outside of any request.
public struct Job: Sendable {
    /// The name of the job in logs.
    public let name: String
    /// The time between the end of one run and the start of the next.
    public let interval: Duration
    /// The maximum random delay that is added to the interval, so that several hosts do not run the
    /// job at the same time.
    public let jitter: Duration
    /// Does one slice of the work and returns whether the next slice should follow immediately.
    public let runSlice: @Sendable () async throws -> Bool

    /// Creates a job.
    public init(
        name: String, interval: Duration, jitter: Duration,
        runSlice: @escaping @Sendable () async throws -> Bool
    ) {
        self.name = name
        self.interval = interval
        self.jitter = jitter
        self.runSlice = runSlice
    }
}

extension Job {
    /// Returns the jobs that delete expired sessions, old failure counters and old events.
    ///
    /// These rows are deleted by jobs, not by requests. If requests deleted the rows of other
    /// clients, nearly any two of them would conflict under concurrent serializable transactions,
    /// as on PostgreSQL. Between two runs, a table exceeds its maximum size by at most the rows
    /// that are added in about ten seconds.
    ///
    /// - Parameters:
    ///   - store: The store to purge.
    ///   - now: Returns the current time, by the clock that the requests use.
    /// - Returns: The jobs to run.
    public static func purges(
        of store: any Store, now: @escaping @Sendable () -> Timestamp
    ) -> [Job] {
        [
            purge("purge expired sessions", store) { rows in
                try rows.purgeSessions(expiredBefore: now(), limit: sliceLimit)
            },
            purge("purge failure counters", store) { rows in
                try rows.purgeFailures(
                    before: now().minus(seconds: Throttle.memory),
                    bound: maximumFailureCounters, limit: sliceLimit)
            },
            purge("purge events", store) { rows in
                try rows.purgeEvents(
                    before: now().minus(seconds: eventRetention), bound: maximumEvents,
                    limit: sliceLimit)
            },
        ]
    }

    /// The maximum number of rows that one transaction deletes.
    ///
    /// Other writes wait for at most one such transaction, which takes a few milliseconds.
    static let sliceLimit = 256
    /// The maximum number of failure counters that are kept.
    ///
    /// Beyond this number, the oldest are deleted. To exceed it, an attacker has to send tens of
    /// thousands of wrong passwords from thousands of networks, and each password has to be hashed.
    /// The attacker gains only that the initial free guesses are free again. A right password adds
    /// no counter.
    static let maximumFailureCounters = 100_000
    /// How long events are kept, in seconds (90 days).
    static let eventRetention: Int64 = 90 * 86_400
    /// The maximum number of events that are kept.
    static let maximumEvents = 1_000_000

    private static func purge(
        _ name: String, _ store: any Store,
        _ deleteSlice: @escaping @Sendable (any WritableRows) throws -> Int
    ) -> Job {
        // Continue until a slice deletes nothing. Where event IDs are missing, a slice deletes
        // fewer rows than its limit, although there may be more to delete.
        Job(name: name, interval: .seconds(10), jitter: .seconds(1)) {
            try await store.write(deleteSlice) > 0
        }
    }
}

extension Timestamp {
    fileprivate func minus(seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds - seconds * 1000)
    }
}

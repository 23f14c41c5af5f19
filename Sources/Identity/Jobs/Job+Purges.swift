extension Job {
    /// The jobs that delete expired sessions, old failure counters and old events.
    ///
    /// No request deletes rows of others: under concurrent serializable transactions, as on
    /// PostgreSQL, nearly every two such requests would conflict. Between two runs a table exceeds
    /// its bound by at most what is added in about ten seconds.
    ///
    /// - Parameters:
    ///   - store: The store to purge.
    ///   - now: Returns the time, by the clock that the requests use.
    /// - Returns: The jobs, for a runner.
    public static func purges(
        of store: any Store, now: @escaping @Sendable () -> Timestamp
    ) -> [Job] {
        [
            purge("purge expired sessions", store) { rows in
                try rows.purgeSessions(expiredBefore: now(), limit: sliceLimit)
            },
            purge("purge failure counters", store) { rows in
                try rows.purgeFailures(
                    before: now().minus(seconds: Throttle.knownNetworkMemory),
                    bound: maximumFailureCounters, limit: sliceLimit)
            },
            purge("purge events", store) { rows in
                try rows.purgeEvents(
                    before: now().minus(seconds: eventRetention), bound: maximumEvents,
                    limit: sliceLimit)
            },
        ]
    }

    /// How many rows one transaction deletes at most.
    ///
    /// Other writes wait only for one slice, a few milliseconds.
    static let sliceLimit = 256
    /// How many failure counters and known networks are kept at most.
    ///
    /// Beyond that the oldest are deleted. To exceed it takes 50,000 wrong passwords, each of them
    /// hashed, from 500 networks; it makes the guesses free again that were free at first.
    static let maximumFailureCounters = 100_000
    /// How long events are kept, in seconds: 90 days.
    static let eventRetention: Int64 = 90 * 86_400
    /// How many events are kept at most.
    static let maximumEvents = 1_000_000

    private static func purge(
        _ name: String, _ store: any Store,
        _ deleteSlice: @escaping @Sendable (any WritableRows) throws -> Int
    ) -> Job {
        // A slice of events that meets gaps deletes fewer rows than its limit, and more may follow.
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

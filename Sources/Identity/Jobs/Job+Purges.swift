extension Job {
    /// Returns the jobs that delete expired sessions, old failure counters and old events.
    ///
    /// These rows are deleted by jobs, not by requests. If requests deleted the rows of other
    /// clients, nearly any two requests would conflict under concurrent serializable transactions,
    /// as on PostgreSQL. Between two runs, a table exceeds its maximum size by at most the rows
    /// that are added in about ten seconds, or in a minute for the bounds on events.
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
                    before: now().minus(seconds: eventRetention), limit: sliceLimit)
            },
            purge("purge frequent kinds of events", store, every: .seconds(60)) { rows in
                try deleteSlice(of: Event.Kind.allCases.filter { $0 != .refresh }) { kind, limit in
                    try rows.purgeEvents(of: kind, keeping: maximumEventsOfKind, limit: limit)
                }
            },
            // To find the sessions and accounts with too many events, a whole index is read. So
            // they are found before the write transaction, for which other writes wait.
            Job(name: "purge refreshes of sessions", interval: .seconds(60), jitter: .seconds(5)) {
                let sessions = try await store.read { rows in
                    try rows.sessions(
                        withMoreRefreshesThan: maximumRefreshesOfSession, limit: sliceLimit)
                }
                guard !sessions.isEmpty else { return false }
                return try await store.write { rows in
                    try deleteSlice(of: sessions) { session, limit in
                        try rows.purgeRefreshes(
                            ofSession: session, keeping: maximumRefreshesOfSession, limit: limit)
                    } > 0
                }
            },
            Job(name: "purge events of accounts", interval: .seconds(60), jitter: .seconds(5)) {
                typealias Excess = (kind: Event.Kind, account: Account.ID, bound: Int)
                let excesses: [Excess] = try await store.read { rows in
                    try Event.Kind.allCases.flatMap { kind -> [Excess] in
                        guard let bound = maximumEventsOfAccount(kind) else { return [] }
                        return try rows.accounts(withMoreThan: bound, of: kind, limit: sliceLimit)
                            .map { (kind, $0, bound) }
                    }
                }
                guard !excesses.isEmpty else { return false }
                return try await store.write { rows in
                    try deleteSlice(of: excesses) { excess, limit in
                        try rows.purgeEvents(
                            of: excess.kind, ofAccount: excess.account, keeping: excess.bound,
                            limit: limit)
                    } > 0
                }
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
    /// The maximum number of events of each kind, except refreshes, that are kept.
    ///
    /// Each kind has a bound of its own, so that events which anyone can cause do not push out
    /// those of another kind. To reach the bound within `eventRetention`, about 5,500 events of the
    /// kind a day are necessary.
    static let maximumEventsOfKind = 500_000
    /// The maximum number of refreshes of one session that are kept as events.
    static let maximumRefreshesOfSession = 20
    /// The maximum number of refreshes of all sessions of one account that are kept as events.
    static let maximumRefreshesOfAccount = 1_000
    /// The maximum number of events of one account that are kept of each kind, except refreshes and
    /// the kinds without such a bound.
    ///
    /// So a person who logs in once a second for days, or an administrator who disables and enables
    /// an account as often, pushes out no events of others.
    static let maximumEventsOfAccount = 10_000

    /// Returns the maximum number of events of a kind that are kept of one account.
    ///
    /// The result is `nil` for kinds that need no such bound, because the throttle or the limit on
    /// recorded refusals already limits these events for each account.
    static func maximumEventsOfAccount(_ kind: Event.Kind) -> Int? {
        switch kind {
        case .refresh: maximumRefreshesOfAccount
        case .failedLogin, .failedPasswordChange, .refused: nil
        case .login, .reuse, .logout, .sessionEnded, .added, .imported, .passwordChanged,
            .roleChanged, .disabled, .enabled, .removed, .restored:
            maximumEventsOfAccount
        }
    }

    /// Deletes rows of several items in turn, at most `sliceLimit` in all, and returns the number
    /// of deleted rows.
    private static func deleteSlice<Item>(
        of items: [Item], _ delete: (_ item: Item, _ limit: Int) throws -> Int
    ) rethrows -> Int {
        var left = sliceLimit
        for item in items where left > 0 { left -= try delete(item, left) }
        return sliceLimit - left
    }

    private static func purge(
        _ name: String, _ store: any Store, every interval: Duration = .seconds(10),
        _ deleteSlice: @escaping @Sendable (any WritableRows) throws -> Int
    ) -> Job {
        // Continue until a slice deletes nothing. Where event IDs are missing, a slice deletes
        // fewer rows than its limit, although there may be more to delete.
        Job(name: name, interval: interval, jitter: .seconds(1)) {
            try await store.write(deleteSlice) > 0
        }
    }
}

extension Timestamp {
    fileprivate func minus(seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds - seconds * 1000)
    }
}

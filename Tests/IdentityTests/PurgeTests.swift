import SQLiteStore
import Testing

@testable import Identity

/// The jobs that delete old rows.
struct PurgeTests {
    @Test func `no request deletes rows, and the purges delete what is too old`() async throws {
        let rules = try Rules()
        let old = Event(.login, by: .owner, at: .start)
        let day: Int64 = 86_400
        try await rules.store.write { rows in
            for _ in 0..<(2 * Job.sliceLimit + 1) { try rows.record(old) }
            try rows.setFailureCounter(FailureCounter(count: 1, lastAt: .start, nextAt: .start), 7)
        }
        try await rules.addJohn()
        _ = try await rules.logInJohn(at: .start + 91 * day)
        let count: @Sendable (any Rows) throws -> Int = { rows in
            try rows.events(Event.Filter(limit: 10_000)).count
        }
        #expect(try await rules.store.read(count) == 2 * Job.sliceLimit + 3)
        let counter: @Sendable (any Rows) throws -> FailureCounter? = { try $0.failureCounter(7) }
        #expect(try await rules.store.read(counter) != nil)

        try await rules.purge(at: .start + (90 * day - 1))
        #expect(try await rules.store.read(count) == 2 * Job.sliceLimit + 3)
        #expect(try await rules.store.read(counter) == nil)

        try await rules.purge(at: .start + 91 * day)
        #expect(try await rules.store.read(count) == 1)
    }

    @Test func `after a burst the purge brings the failure counters back to their bound`()
        async throws
    {
        let rules = try Rules()
        let bound = Job.maximumFailureCounters
        try await rules.store.write { rows in
            for key in 1...Int64(bound + 1_000) {
                let at = Timestamp(milliseconds: Timestamp.start.milliseconds + key)
                try rows.setFailureCounter(FailureCounter(count: 1, lastAt: at, nextAt: at), key)
            }
        }

        try await rules.purge(at: .start)

        let left = try await rules.store.read { rows in
            try [1_000, 1_001, Int64(bound + 1_000)].map { try rows.failureCounter($0) != nil }
        }
        #expect(left == [false, true, true])
    }

    @Test func `a year of one user's refreshes leaves the security events of the last 90 days`()
        async throws
    {
        let rules = try Rules()
        let day: Int64 = 86_400
        let kinds = Event.Kind.allCases.filter { $0 != .refresh }
        // A session a week. Four refreshes an hour would be 35,000 in a year; more per day here,
        // so that fewer days are as many.
        for number in 0..<365 as Range<Int64> {
            let now = Timestamp.start + number * day
            try await rules.store.write { rows in
                for _ in 0..<96 {
                    try rows.record(
                        Event(.refresh, by: .owner, at: now, account: 1, session: 1 + number / 7))
                }
                for kind in kinds {
                    try rows.record(Event(kind, by: .stranger, at: now, account: 2))
                }
            }
            if number % 30 == 0 { try await rules.purge(at: now) }
        }
        let end = Timestamp.start + 364 * day
        try await rules.purge(at: end)

        let events = try await rules.store.read { rows in
            try rows.events(Event.Filter(limit: 100_000))
        }
        let security = events.filter { $0.kind != .refresh }
        #expect(security.count == 91 * kinds.count)
        let refreshes = events.filter { $0.kind == .refresh }
        let sessions = Dictionary(grouping: refreshes, by: \.sessionID)
        #expect(sessions.values.allSatisfy { $0.count <= Job.maximumRefreshesOfSession })
        #expect(sessions[53]?.count == Job.maximumRefreshesOfSession)
        #expect(refreshes.count <= Job.maximumRefreshesOfAccount)
    }

    @Test func `the refreshes of an account with many sessions are bounded`() async throws {
        let rules = try Rules()
        let sessions = Job.maximumRefreshesOfAccount / Job.maximumRefreshesOfSession + 10
        try await rules.store.write { rows in
            for session in 1...Session.ID(sessions) {
                for _ in 0..<Job.maximumRefreshesOfSession {
                    try rows.record(
                        Event(.refresh, by: .owner, at: .start, account: 1, session: session))
                }
            }
            try rows.record(Event(.refresh, by: .owner, at: .start, account: 2, session: 9_999))
        }

        try await rules.purge(at: .start)

        let left = try await rules.store.read { try $0.events(Event.Filter(limit: 10_000)) }
        let ofOne = left.filter { $0.accountID == 1 }
        let ofOther = left.filter { $0.accountID == 2 }
        #expect(ofOne.count == Job.maximumRefreshesOfAccount)
        #expect(ofOther.count == 1)
    }

    @Test(arguments: Event.Kind.allCases)
    func `events of one account push out none of others, and none of another kind`(
        kind: Event.Kind
    ) async throws {
        let rules = try Rules()
        let often = Job.maximumEventsOfAccount + 300
        try await rules.store.write { rows in
            for other in Event.Kind.allCases {
                for account in [1, 2] as [Account.ID?] + [nil] {
                    try rows.record(Event(other, by: .owner, at: .start, account: account))
                }
            }
            for _ in 1..<often {
                try rows.record(Event(kind, by: .owner, at: .start, account: 1))
            }
        }

        try await rules.purge(at: .start)

        let left = try await rules.store.read { try $0.events(Event.Filter(limit: 50_000)) }
        let frequent = left.filter { $0.kind == kind && $0.accountID == 1 }
        let expected =
            switch kind {
            case .refresh: 1_000
            // They are limited for each account by other means.
            case .failedLogin, .failedPasswordChange, .refused: often
            default: 10_000
            }
        #expect(frequent.count == expected)
        #expect(left.count - frequent.count == 3 * Event.Kind.allCases.count - 1)
    }

    @Test func `one slice deletes at most its limit`() async throws {
        let rules = try Rules()
        try await rules.store.write { rows in
            for _ in 0..<(Job.sliceLimit + 1) {
                try rows.record(Event(.login, by: .owner, at: .start))
            }
        }
        let job = try #require(
            Job.purges(of: rules.store, now: { .start + 91 * 86_400 })
                .first { $0.name == "purge events" })

        #expect(try await job.runSlice())

        let left = try await rules.store.read { try $0.events(Event.Filter(limit: 1_000)) }
        #expect(left.count == 1)
    }
}

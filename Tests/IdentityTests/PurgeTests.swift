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

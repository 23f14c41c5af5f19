import Identity
import RepeatingStore
import SplitMix
import Testing

/// Bodies may run more than once, and concurrently with others.
struct StoreRepeatedBodiesTests {
    @Test(arguments: StoreFactory.all)
    func `bodies that run twice leave what one run leaves`(factory: StoreFactory) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        try await factory.withStore { once in
            try await factory.withStore { twice in
                let repeating = RepeatingStore(twice)
                for step in 0..<200 {
                    let change = SampleChange(seed: seed &+ UInt64(step))
                    let results = (
                        try await once.write(change.apply), try await repeating.write(change.apply)
                    )
                    #expect(results.0 == results.1, "seed \(seed), step \(step)")
                }
                let states = (
                    try await once.read { try $0.dump() }, try await twice.read { try $0.dump() }
                )
                #expect(states.0 == states.1, "seed \(seed)")
                #expect(states.0.count > 10, "seed \(seed)")
            }
        }
    }

    @Test(arguments: StoreFactory.all)
    func `concurrent bodies keep every invariant`(factory: StoreFactory) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        try await factory.withStore { store in
            let recorded = try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<16 {
                    group.addTask {
                        var recorded = 0
                        for step in 0..<40 {
                            let change = SampleChange(seed: seed &+ UInt64(writer * 1_000 + step))
                            let result = try await store.write(change.apply)
                            if result == SampleChange.recorded { recorded += 1 }
                            try await store.read { try $0.checkInvariants("seed \(seed)") }
                        }
                        return recorded
                    }
                }
                return try await group.reduce(0, +)
            }

            let events = try await store.read { try $0.events(Event.Filter(limit: 10_000)) }
            #expect(events.count == recorded, "seed \(seed)")
            #expect(recorded > 0, "seed \(seed)")
        }
    }
}

extension Rows {
    /// All rows that `SampleChange` can change, one line each.
    fileprivate func dump() throws -> [String] {
        var lines: [String] = []
        for account in try accounts() {
            lines.append("\(account)")
            let sessions = try liveSessions(of: account.id, at: Timestamp(seconds: 0))
            lines += sessions.map { "\($0)" }
        }
        for key in 1...20 as ClosedRange<Int64> {
            if let failures = try failureCounter(key) { lines.append("\(key): \(failures)") }
        }
        return lines + (try events(Event.Filter(limit: 10_000)).map { "\($0)" })
    }

    /// What must hold between any two transactions.
    fileprivate func checkInvariants(_ comment: Comment) throws {
        let accounts = try accounts()
        #expect(Set(accounts.map(\.email)).count == accounts.count, comment)
        var live = 0
        for account in accounts {
            let sessions = try liveSessions(of: account.id, at: Timestamp(seconds: 1_200))
            #expect(sessions.count <= SampleChange.maximumSessions, comment)
            live += sessions.count
        }
        // A session without an account would be counted here only.
        #expect(try openSessionCount() == Int64(live), comment)
        for key in 1...20 as ClosedRange<Int64> {
            #expect(try failureCounter(key).map { $0.count <= 3 } ?? true, comment)
        }
    }
}

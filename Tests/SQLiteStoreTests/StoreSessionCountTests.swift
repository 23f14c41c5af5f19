import Identity
import Testing

/// What every store must do to know the number of sessions that have not been ended.
struct StoreSessionCountTests {
    @Test(arguments: StoreFactory.all)
    func `the number of open sessions follows every way in which sessions come and go`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let now = Timestamp(seconds: 500)
            let count: @Sendable () async throws -> Int64 = {
                try await store.read { try $0.openSessionCount() }
            }
            #expect(try await count() == 0)
            let (ann, bob) = try await store.write { rows in
                let ann = try rows.addSampleAccount(email: "ann@example.com")
                let bob = try rows.addSampleAccount(email: "bob@example.com")
                for id in 1...6 as ClosedRange<Session.ID> {
                    #expect(try rows.addSession(.sample(id: id, of: id < 5 ? ann : bob)))
                }
                #expect(try !rows.addSession(.sample(id: 6, of: bob)))
                _ = try rows.addSession(.sample(id: 7, of: ann, endedAt: now))
                _ = try rows.addSession(.sample(id: 8, of: bob, expiresAt: Timestamp(seconds: 9)))
                return (ann, bob)
            }
            #expect(try await count() == 7)

            try await store.write { rows in
                guard var session = try rows.session(id: 1)?.session else { return }
                session.seenAt = now
                try rows.updateSession(session)
                session.endedAt = now
                try rows.updateSession(session)
                try rows.updateSession(session)
            }
            #expect(try await count() == 6)
            _ = try await store.write { try $0.endSessions(of: ann.id, except: 2, at: now) }
            #expect(try await count() == 4)
            _ = try await store.write { try $0.purgeSessions(expiredBefore: now, limit: 9) }
            #expect(try await count() == 3)
            try await store.write { try $0.removeAccount(id: bob.id) }
            #expect(try await count() == 1)
            _ = try await store.write { try $0.endAllSessions(at: now) }
            #expect(try await count() == 0)
        }
    }
}

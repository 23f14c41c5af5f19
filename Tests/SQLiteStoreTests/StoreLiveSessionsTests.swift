import Identity
import Testing

/// What every store must do with the live sessions of an account, seen and ended together.
struct StoreLiveSessionsTests {
    @Test(arguments: StoreFactory.all)
    func `live sessions are those of the account alone, the latest login first`(
        factory: StoreFactory
    ) async throws {
        try await withSessions(of: factory) { store, ann, bob in
            let live = try await store.read { try $0.liveSessions(of: ann, at: .now) }

            #expect(live.map(\.id) == [3, 9, 4, 1])
            let whole = try await store.read { try $0.session(id: 3)?.session }
            #expect(live.first == whole)
            #expect(
                try await store.read { try $0.liveSessions(of: bob, at: .now) }.map(\.id) == [2])
            #expect(try await store.read { try $0.liveSessions(of: 99, at: .now) } == [])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `all sessions of one account end, and an earlier end is kept`(
        factory: StoreFactory
    ) async throws {
        try await withSessions(of: factory) { store, ann, _ in
            let ended = try await store.write {
                try $0.endSessions(of: ann, except: nil, at: .now)
            }

            #expect(ended.sorted() == [1, 3, 4, 9])
            #expect(try await store.endings() == [1: 500, 3: 500, 4: 500, 5: 300, 9: 500])
            let again = try await store.write {
                try $0.endSessions(of: ann, except: nil, at: Timestamp(seconds: 501))
            }
            #expect(again == [])
            #expect(try await store.endings() == [1: 500, 3: 500, 4: 500, 5: 300, 9: 500])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `the session to keep does not end`(factory: StoreFactory) async throws {
        try await withSessions(of: factory) { store, ann, _ in
            let ended = try await store.write { try $0.endSessions(of: ann, except: 4, at: .now) }

            #expect(ended.sorted() == [1, 3, 9])
            #expect(try await store.endings() == [1: 500, 3: 500, 5: 300, 9: 500])
            #expect(
                try await store.read { try $0.liveSessions(of: ann, at: .now).map(\.id) } == [4])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `keeping another account's session keeps none`(factory: StoreFactory) async throws {
        try await withSessions(of: factory) { store, ann, _ in
            let ended = try await store.write { try $0.endSessions(of: ann, except: 2, at: .now) }

            #expect(ended.sorted() == [1, 3, 4, 9])
        }
    }

    @Test(
        arguments: StoreFactory.all,
        [
            (.max, []), (4, []), (3, [1]), (2, [1, 4]), (1, [1, 4, 9]), (0, [1, 3, 4, 9]),
            (-1, [1, 3, 4, 9]),
        ] as [(Int, [Session.ID])])
    func `the oldest sessions end and the given number of newest ones stay`(
        factory: StoreFactory, expected: (kept: Int, ended: [Session.ID])
    ) async throws {
        try await withSessions(of: factory) { store, ann, _ in
            let ended = try await store.write {
                try $0.endSessions(of: ann, keeping: expected.kept, at: .now)
            }

            #expect(ended.sorted() == expected.ended)
            var endings: [Session.ID: Int64] = [5: 300]
            for id in expected.ended { endings[id] = 500 }
            #expect(try await store.endings() == endings)
        }
    }

    /// Runs a body on a store with the sessions 1 to 9 of two accounts.
    private func withSessions(
        of factory: StoreFactory,
        _ body: (any Store, _ ann: Account.ID, _ bob: Account.ID) async throws -> Void
    ) async throws {
        try await factory.withStore { store in
            let (ann, bob) = try await store.write { rows in
                let ann = try rows.addSampleAccount(email: "ann@example.com")
                let bob = try rows.addSampleAccount(email: "bob@example.com")
                let sessions = [
                    Session.sample(id: 1, of: ann, startedAt: Timestamp(seconds: 100)),
                    .sample(id: 2, of: bob, startedAt: Timestamp(seconds: 100)),
                    .sample(id: 3, of: ann, startedAt: Timestamp(seconds: 400)),
                    // Of two logins at once the order is anybody's guess, but always the same.
                    .sample(id: 4, of: ann, startedAt: Timestamp(seconds: 200)),
                    .sample(id: 9, of: ann, startedAt: Timestamp(seconds: 200)),
                    .sample(
                        id: 5, of: ann, startedAt: Timestamp(seconds: 250),
                        endedAt: Timestamp(seconds: 300)),
                    // Live until their end, and at their end no more.
                    .sample(
                        id: 6, of: ann, startedAt: Timestamp(seconds: 450), expiresAt: .now),
                    .sample(
                        id: 7, of: bob, startedAt: Timestamp(seconds: 50),
                        expiresAt: Timestamp(seconds: 60)),
                ]
                for session in sessions { _ = try rows.addSession(session) }
                return (ann, bob)
            }
            try await body(store, ann.id, bob.id)
        }
    }
}

extension Timestamp {
    fileprivate static let now = Timestamp(seconds: 500)
}

extension Store {
    /// The second of the end of each session that was ended.
    fileprivate func endings() async throws -> [Session.ID: Int64] {
        try await read { rows in
            var endings: [Session.ID: Int64] = [:]
            for id in Session.ID(1)...9 {
                endings[id] = try rows.session(id: id)?.session.endedAt?.seconds
            }
            return endings
        }
    }
}

import Identity
import Testing

/// What every store must do with sessions.
struct StoreSessionsTests {
    @Test(arguments: StoreFactory.all)
    func `a session is found with its account`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            let ann = try await store.write { try $0.addSampleAccount() }
            let session = Session(
                id: .max, accountID: ann.id, startedAt: Timestamp(milliseconds: 1),
                expiresAt: Timestamp(milliseconds: 2), family: .sample,
                seenAt: Timestamp(milliseconds: 3),
                client: Client(address: "192.0.2.1", device: "curl"),
                endedAt: Timestamp(milliseconds: 5))

            #expect(try await store.write { try $0.addSession(session) })

            let found = try await store.read { try $0.session(id: .max) }
            #expect(found?.session == session)
            #expect(found?.account == ann)
            #expect(try await store.read { try $0.session(id: 1) } == nil)
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a number that is taken is not assigned to another session`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let (ann, bob) = try await store.write { rows in
                let ann = try rows.addSampleAccount(email: "ann@example.com")
                _ = try rows.addSession(.sample(id: 7, of: ann))
                return (ann, try rows.addSampleAccount(email: "bob@example.com"))
            }

            let isAdded = try await store.write { try $0.addSession(.sample(id: 7, of: bob)) }

            #expect(!isAdded)
            #expect(try await store.read { try $0.session(id: 7) }?.account == ann)
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a session needs an account and a positive number`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            let ann = try await store.write { try $0.addSampleAccount() }
            var orphan = Session.sample(id: 7, of: ann)
            orphan = Session(
                id: orphan.id, accountID: ann.id + 1, startedAt: orphan.startedAt,
                expiresAt: orphan.expiresAt, family: orphan.family, seenAt: orphan.seenAt,
                client: orphan.client)

            await #expect(throws: (any Error).self) {
                _ = try await store.write { [orphan] in try $0.addSession(orphan) }
            }
            await #expect(throws: (any Error).self) {
                _ = try await store.write { try $0.addSession(.sample(id: 0, of: ann)) }
            }
        }
    }

    @Test(arguments: StoreFactory.all)
    func `an update stores the token family, the client and the end`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            var session = try await store.write { rows in
                let session = Session.sample(id: 7, of: try rows.addSampleAccount())
                _ = try rows.addSession(session)
                return session
            }

            session.family = .sample
            session.seenAt = Timestamp(seconds: 1_500)
            session.client = Client(address: "2001:db8::1", device: "")
            try await store.write { [session] in try $0.updateSession(session) }
            #expect(try await store.read { try $0.session(id: 7) }?.session == session)

            session.endedAt = Timestamp(seconds: 1_600)
            try await store.write { [session] in try $0.updateSession(session) }
            #expect(try await store.read { try $0.session(id: 7) }?.session == session)
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a session that does not exist cannot be updated`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            let ann = try await store.write { try $0.addSampleAccount() }

            await #expect(throws: (any Error).self) {
                try await store.write { try $0.updateSession(.sample(id: 7, of: ann)) }
            }
        }
    }

    @Test(arguments: StoreFactory.all)
    func `the status of a session combines its row and its account's`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let (ann, bob) = try await store.write { rows in
                (
                    try rows.addSampleAccount(email: "ann@example.com"),
                    try rows.addSampleAccount(email: "bob@example.com")
                )
            }
            #expect(try await store.status(of: 7) == nil)

            var session = Session.sample(id: 7, of: ann, expiresAt: Timestamp(milliseconds: 2_001))
            try await store.write { [session] rows in
                _ = try rows.addSession(session)
                _ = try rows.addSession(.sample(id: 8, of: bob))
            }
            #expect(try await store.status(of: 7) == SessionStatus(of: session, with: ann))

            session.family = .sample
            try await store.write { [session] in try $0.updateSession(session) }
            #expect(try await store.status(of: 7) == SessionStatus(of: session, with: ann))

            session.endedAt = Timestamp(milliseconds: 1_001)
            var changed = ann
            changed.role = .admin
            changed.isDisabled = true
            try await store.write { [session, changed] rows in
                try rows.updateSession(session)
                try rows.updateAccount(changed)
            }
            #expect(try await store.status(of: 7) == SessionStatus(of: session, with: changed))

            try await store.write { try $0.removeAccount(id: ann.id) }
            #expect(try await store.status(of: 7) == nil)
            #expect(try await store.status(of: 8)?.account == bob)
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a purge deletes sessions that expired before the moment, at most its limit at a time`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            try await store.write { rows in
                let ann = try rows.addSampleAccount()
                for id in 1...5 {
                    let expiresAt = Timestamp(seconds: Int64(id) * 100)
                    _ = try rows.addSession(
                        .sample(id: Int64(id), of: ann, expiresAt: expiresAt))
                }
            }
            let left: @Sendable (any Rows) throws -> [Session.ID] = { rows in
                try (1...5).filter { try rows.session(id: $0) != nil }
            }

            let before = Timestamp(seconds: 400)
            let purge: @Sendable (Int) async throws -> Int = { limit in
                try await store.write { rows in
                    try rows.purgeSessions(expiredBefore: before, limit: limit)
                }
            }
            #expect(try await purge(0) == 0)
            #expect(try await store.read(left) == [1, 2, 3, 4, 5])
            #expect(try await purge(2) == 2)
            #expect(try await store.read(left) == [3, 4, 5])
            #expect(try await purge(100) == 1)
            #expect(try await purge(100) == 0)
            #expect(try await store.read(left) == [4, 5])
        }
    }
}

extension RefreshTokenFamily {
    /// A chain of which no two members are the same.
    static let sample = RefreshTokenFamily(
        generation: 41, previousGeneration: 40, rotatedAt: Timestamp(milliseconds: 101),
        lastIssuedAt: Timestamp(milliseconds: 102), firstUsedAt: Timestamp(milliseconds: 103),
        retryKey: -104)
}

extension SessionStatus {
    fileprivate init(of session: Session, with account: Account) {
        self.init(
            account: account, expiresAt: session.expiresAt, endedAt: session.endedAt,
            generation: session.family.generation,
            previousGeneration: session.family.previousGeneration,
            isConfirmed: session.family.firstUsedAt != nil)
    }
}

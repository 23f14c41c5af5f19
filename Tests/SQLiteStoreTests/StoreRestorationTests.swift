import Directory
import Identity
import Testing

/// What every store must do when a backup was put back.
struct StoreRestorationTests {
    @Test(arguments: StoreFactory.all)
    func `all sessions that had not ended end at once, expired ones included`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let now = Timestamp(seconds: 1_500)
            let (ann, bob, ended) = try await store.write { rows in
                let ann = try rows.addSampleAccount(email: "ann@example.com")
                let bob = try rows.addSampleAccount(email: "bob@example.com")
                _ = try rows.addSession(.sample(id: 1, of: ann))
                _ = try rows.addSession(.sample(id: 2, of: bob))
                _ = try rows.addSession(.sample(id: 3, of: bob, expiresAt: now))
                let before = Session.sample(id: 4, of: ann, endedAt: Timestamp(seconds: 1_200))
                _ = try rows.addSession(before)
                return (ann, bob, try rows.endAllSessions(at: now))
            }

            #expect(ended.map(\.session).sorted() == [1, 2, 3])
            #expect(Dictionary(uniqueKeysWithValues: ended) == [1: ann.id, 2: bob.id, 3: bob.id])
            let ends = try await store.read { rows in
                try (1...4).map { try rows.session(id: $0)?.session.endedAt }
            }
            #expect(ends == [now, now, now, Timestamp(seconds: 1_200)])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `numbers continue after a given one and never decrease`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let account = try await store.write { rows in
                try rows.reserveIDs(upTo: 56)
                try rows.reserveIDs(upTo: 5)
                return try rows.addSampleAccount()
            }
            let person = try await store.write { rows in
                let before = try rows.addPerson(firstName: "A", lastName: "B")
                try rows.reserveIDs(upTo: 1_000)
                return (before, try rows.addPerson(firstName: "C", lastName: "D"))
            }

            #expect(account.id == 57)
            #expect((person.0.id, person.1.id) == (57, 1_001))
        }
    }
}

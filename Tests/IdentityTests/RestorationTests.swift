import Identity
import SQLiteStore
import Testing

/// The backup of these tests is the store itself: what happens "after the backup" happens in
/// another store with the same secret, which is then lost.
struct RestorationTests {
    let restored: Rules
    let lost: Rules

    init() throws {
        restored = try Rules()
        lost = try Rules()
    }

    private func restore(at now: Timestamp = .start) async throws -> Int {
        try await Restoration(store: restored.store).complete(fromBackupOf: "then", at: now)
    }

    @Test func `no session of the backup stays live`() async throws {
        try await restored.addJohn()
        let first = try await restored.logInJohn()
        let second = try await restored.sessions.refresh(
            refreshToken: first.refreshToken, at: .start)
        let other = try await restored.logInJohn()

        #expect(try await restore() == 2)

        for tokens in [first, second, other] {
            await #expect(throws: AuthError.refreshTokenRevoked) {
                try await restored.sessions.refresh(
                    refreshToken: tokens.refreshToken, at: .start + 1)
            }
            await #expect(throws: AuthError.invalidAccessToken) {
                try await restored.sessions.resume(
                    accessToken: tokens.accessToken, from: .somewhere, at: .start + 1)
            }
        }
        _ = try await restored.logInJohn(at: .start + 1)
    }

    @Test func `each ended session and the restore are recorded`() async throws {
        try await restored.addJohn()
        _ = try await restored.logInJohn()
        _ = try await restored.logInJohn()

        _ = try await restore(at: .start + 5)

        let events = try await restored.accounts.events(
            Event.Filter(since: .start + 5, limit: 10))
        #expect(events.map(\.kind) == [.sessionEnded, .sessionEnded, .restored])
        #expect(events.map(\.detail).prefix(2) == ["restored", "restored"])
        #expect(events.last?.detail == "backup of then, sessions ended: 2")
        #expect(events.allSatisfy { $0.actor == .operator })
    }

    @Test func `a new account never gets the number of a lost one`() async throws {
        try await restored.addJohn()
        try await lost.addJohn()
        let jane = try await lost.add("jane@example.com")

        _ = try await restore()
        let kate = try await restored.add("kate@example.com")

        #expect(jane.id == 2)
        #expect(kate.id > Timestamp.start.milliseconds)
        #expect(kate.id < 1 << 53, "a number that JavaScript has")
    }

    @Test func `numbers are not reused after several restores`() async throws {
        var numbers: [Account.ID] = []
        for time in Int64(0)..<3 {
            // The same backup each time: an empty store.
            let rules = try Rules()
            _ = try await Restoration(store: rules.store).complete(
                fromBackupOf: "then", at: .start + time)
            for name in ["a", "b", "c"] {
                numbers.append(try await rules.add("\(name)@example.com").id)
            }
        }

        #expect(Set(numbers).count == 9)
        #expect(numbers == numbers.sorted())
    }

    @Test func `tokens of a lost account are refused although another has its number`() async throws
    {
        try await restored.addJohn()
        try await lost.addJohn()
        let jane = try await lost.add("jane@example.com")
        let tokens = try await lost.logIn("jane@example.com")

        // As if no number had been left out.
        _ = try await restored.store.write { try $0.endAllSessions(at: .start) }
        let kate = try await restored.add("kate@example.com")
        try #require(kate.id == jane.id)
        _ = try await restored.logIn("kate@example.com")

        await #expect(throws: AuthError.invalidAccessToken) {
            try await restored.sessions.resume(
                accessToken: tokens.accessToken, from: .somewhere, at: .start)
        }
        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await restored.sessions.refresh(refreshToken: tokens.refreshToken, at: .start)
        }
    }

    @Test func `a session number that is reused does not open another account`() async throws {
        // Chance will not have it in the life of the universe; here it is forced.
        let lost = try Rules(randomID: { 7 })
        let restored = try Rules(randomID: { 7 })
        _ = try await lost.add("john@example.com")
        _ = try await lost.add("jane@example.com")
        let tokens = try await lost.logIn("jane@example.com")

        _ = try await Restoration(store: restored.store).complete(
            fromBackupOf: "then", at: .start)
        _ = try await restored.add("kate@example.com")
        _ = try await restored.logIn("kate@example.com")

        await #expect(throws: AuthError.invalidAccessToken) {
            try await restored.sessions.resume(
                accessToken: tokens.accessToken, from: .somewhere, at: .start)
        }
        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await restored.sessions.refresh(refreshToken: tokens.refreshToken, at: .start)
        }
    }
}

extension Rules {
    fileprivate func add(_ email: String) async throws -> Account {
        try await accounts.add(email: email, password: Self.password, by: .stranger, now: .start)
    }

    fileprivate func logIn(_ email: String) async throws -> IssuedTokens {
        try await sessions.logIn(username: email, password: Self.password, at: .start)
    }
}

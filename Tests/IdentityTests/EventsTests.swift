import Identity
import SQLiteStore
import Testing

struct EventsTests {
    private static let email = "john@example.com"

    /// With bodies that run twice, as they may: a rule has no effect except through its rows.
    @Test(arguments: [false, true])
    func `every act is recorded, without names and secrets`(
        repeatsBodies: Bool
    ) async throws {
        let rules = try Rules(repeatsBodies: repeatsBodies)
        try await rules.addJohn()
        _ = try await rules.guess(as: "nobody@example.com", at: .start)
        _ = try await rules.guess(at: .start)
        let stolen = try await rules.logInJohn()
        let next = try await rules.sessions.refresh(refreshToken: stolen.refreshToken, at: .start)
        _ = try? await rules.sessions.refresh(refreshToken: stolen.refreshToken, at: .start)
        let caller = try await rules.signInJohn()
        _ = try await rules.logInJohn()
        _ = try? await rules.sessions.changePassword(
            of: caller, from: "wrong", to: "N3wPassword!", from: .somewhere, at: .start)
        try await rules.sessions.recordRefusal(
            of: "DELETE /api/people/1", to: caller, from: .somewhere, at: .start)
        let last = try await rules.sessions.changePassword(
            of: caller, from: Rules.password, to: "N3wPassword!", from: .somewhere, at: .start)
        try await rules.sessions.logOut(
            rules.sessions.resume(accessToken: last.accessToken, at: .start), at: .start)
        let accounts = rules.accounts
        try await accounts.setRole(.admin, of: Self.email, by: .operator, now: .start)
        try await accounts.setPassword(
            Rules.password, of: Self.email, by: .operator, now: .start)
        try await accounts.setDisabled(true, of: Self.email, by: .operator, now: .start)
        try await accounts.setDisabled(false, of: Self.email, by: .operator, now: .start)
        try await accounts.remove(email: Self.email, by: .operator, now: .start)
        _ = try await Restoration(store: rules.store).complete(
            fromBackupOf: "yesterday", at: .start)

        let events = try await accounts.events(Event.Filter(limit: 100))

        #expect(
            events.map { "\($0.kind.rawValue) by \($0.actor.rawValue)" } == [
                "added by stranger", "failed-login by stranger", "failed-login by stranger",
                "login by owner", "refresh by owner", "reuse by gatehouse", "login by owner",
                "login by owner", "failed-password-change by owner", "refused by owner",
                "password-changed by owner",
                "login by owner", "session-ended by owner", "session-ended by owner",
                "logout by owner", "role-changed by operator",
                "password-changed by operator", "disabled by operator", "enabled by operator",
                "removed by operator", "restored by operator",
            ])
        #expect(Set(events.map(\.kind)).union([.imported]) == Set(Event.Kind.allCases))
        #expect(events[1].accountID == nil && events[2].accountID == 1)
        #expect(events[5].sessionID == events[3].sessionID)
        for event in events {
            let text = "\(event)"
            for secret in [
                "example.com", "wrong", Rules.password, "N3wPassword!", next.refreshToken,
            ] { #expect(!text.contains(secret), "\(event.kind)") }
        }
    }

    @Test func `a refused change records nothing`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let caller = try await rules.signInJohn()
        try await rules.guessWrong(10, at: .start)
        let before = try await rules.accounts.events(Event.Filter(limit: 100))

        _ = try await rules.guess(at: .start)
        _ = try await rules.guess(Rules.password, at: .start)
        try? await rules.addJohn()
        _ = try? await rules.sessions.changePassword(
            of: caller, from: Rules.password, to: "short", from: .somewhere, at: .start)
        try? await rules.accounts.setRole(.admin, of: "a@b.com", by: .operator, now: .start)

        #expect(try await rules.accounts.events(Event.Filter(limit: 100)) == before)
    }

    @Test func `a change to the same value ends no session and records no event`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let tokens = try await rules.logInJohn()
        try await rules.accounts.setRole(.user, of: Self.email, by: .operator, now: .start)
        try await rules.accounts.setDisabled(false, of: Self.email, by: .operator, now: .start)
        _ = try await rules.sessions.resume(accessToken: tokens.accessToken, at: .start)

        try await rules.accounts.setDisabled(true, of: Self.email, by: .operator, now: .start)
        try await rules.accounts.setDisabled(true, of: Self.email, by: .operator, now: .start)

        #expect(try await rules.kinds() == [.added, .login, .disabled, .sessionEnded])
    }

    @Test func `each ended session has an event with the reason`() async throws {
        let changes: [@Sendable (Accounts) async throws -> Void] = [
            { try await $0.setDisabled(true, of: Self.email, by: .operator, now: .start) },
            { try await $0.setRole(.user, of: Self.email, by: .operator, now: .start) },
            {
                try await $0.setPassword(
                    "N3wPassword!", of: Self.email, by: .operator, now: .start)
            },
            { try await $0.remove(email: Self.email, by: .operator, now: .start) },
        ]
        for change in changes {
            let rules = try Rules()
            try await rules.addJohn(role: .admin)
            let ids = Set([
                try await rules.signInJohn().sessionID, try await rules.signInJohn().sessionID,
            ])

            try await change(rules.accounts)

            let events = try await rules.accounts.events(Event.Filter(limit: 100)).suffix(3)
            let ends = events.filter { $0.kind == .sessionEnded }
            let cause = try #require(events.first { $0.kind != .sessionEnded })
            #expect(ends.allSatisfy { $0.actor == .operator })
            #expect(ends.allSatisfy { $0.detail == cause.kind.rawValue })
            #expect(Set(ends.compactMap(\.sessionID)) == ids)
        }
    }
}

extension Rules {
    func kinds(of session: Session.ID? = nil) async throws -> [Event.Kind] {
        try await accounts.events(Event.Filter(session: session, limit: 100)).map(\.kind)
    }
}

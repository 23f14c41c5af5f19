import Testing
import Threads

@testable import Identity

/// What the tabs of one browser, and whoever copied its cookies, meet; the window is 10 seconds.
struct WindowTests {
    @Test func `tabs that refresh at once all get the same next token`() async throws {
        let browser = try await Browser()

        let answers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 {
                group.addTask { try await browser.refresh(browser.login, at: 20).refreshToken }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }

        #expect(answers.count == 1)
        #expect(answers != [browser.login.refreshToken])
    }

    @Test func `a tab that is slightly late gets the same tokens as the others`() async throws {
        let browser = try await Browser()
        let next = try await browser.refresh(browser.login, at: 20)
        try await browser.use(next, at: 21)

        let late = try await browser.refresh(browser.login, at: 29)

        #expect(late.refreshToken == next.refreshToken)
    }

    @Test func `a lost response can be requested again at any time`() async throws {
        let browser = try await Browser()
        _ = try await browser.refresh(browser.login, at: 20)

        let again = try await browser.refresh(browser.login, at: 170)

        try await browser.use(again, at: 171)
    }

    @Test func `a token that was given up as lost ends the session when it is presented`()
        async throws
    {
        let browser = try await Browser()
        let lost = try await browser.refresh(browser.login, at: 20)
        let again = try await browser.refresh(browser.login, at: 40)

        await #expect(throws: AuthError.invalidAccessToken) {
            try await browser.use(lost, at: 55)
        }
        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await browser.refresh(again, at: 56)
        }
    }

    @Test func `an old token after the window ends the session`() async throws {
        let browser = try await Browser()
        let next = try await browser.refresh(browser.login, at: 20)
        try await browser.use(next, at: 20)

        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await browser.refresh(browser.login, at: 30)
        }

        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await browser.refresh(next, at: 31)
        }
        #expect(browser.reuses.withLock { $0 }.map(\.presented) == [0])
    }

    @Test func `a thief who refreshes first is noticed when the owner refreshes`() async throws {
        let browser = try await Browser()
        let stolen = try await browser.refresh(browser.login, at: 20)
        try await browser.use(stolen, at: 21)

        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await browser.refresh(browser.login, at: 35)
        }
        await #expect(throws: AuthError.invalidAccessToken) {
            try await browser.use(stolen, at: 36)
        }
    }

    @Test func `a thief who repeats requests cannot keep the window open`() async throws {
        let browser = try await Browser()
        let next = try await browser.refresh(browser.login, at: 20)
        try await browser.use(next, at: 20)

        _ = try await browser.refresh(browser.login, at: 25)
        _ = try await browser.refresh(browser.login, at: 29)
        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await browser.refresh(browser.login, at: 30)
        }
    }

    @Test func `presenting a token often does not keep it from being exchanged`() async throws {
        let browser = try await Browser()
        let next = try await browser.refresh(browser.login, at: 20)

        for second: Int64 in [25, 29] {
            let same = try await browser.refresh(next, at: second)
            #expect(same.refreshToken == next.refreshToken)
        }
        let exchanged = try await browser.refresh(next, at: 30)

        #expect(exchanged.refreshToken != next.refreshToken)
    }

    @Test func `without a window, a browser's refresh token is accepted only once too`()
        async throws
    {
        let browser = try await Browser(window: 0)
        _ = try await browser.refresh(browser.login, at: 20)

        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await browser.refresh(browser.login, at: 20)
        }
    }

    @Test func `a program can retry a request with the same key only`() async throws {
        let keys: [(retry: String?, isGood: Bool)] = [("one", true), ("two", false), (nil, false)]
        for key in keys {
            let browser = try await Browser()
            let next = try await browser.refresh(
                browser.login, by: .program(retryKey: "one"), at: 20)

            let again = try? await browser.refresh(
                browser.login, by: .program(retryKey: key.retry), at: 100)

            #expect(again?.refreshToken == (key.isGood ? next.refreshToken : nil))
        }
    }

    @Test func `a program's key is not accepted once the new access token has been used`()
        async throws
    {
        let browser = try await Browser()
        let next = try await browser.refresh(browser.login, by: .program(retryKey: "one"), at: 20)
        try await browser.use(next, at: 21)

        await #expect(throws: AuthError.refreshTokenRevoked) {
            try await browser.refresh(browser.login, by: .program(retryKey: "one"), at: 40)
        }
    }
}

/// A browser that has logged in at the start, with its tokens in the hands of whoever tests.
private struct Browser: Sendable {
    let rules: Rules
    let sessions: Sessions
    let login: IssuedTokens
    let reuses: Guarded<[Reuse]>

    init(window: Int64 = 10_000) async throws {
        let rules = try Rules(accessLifetime: 900, refreshLifetime: 1800)
        let reuses = Guarded<[Reuse]>([])
        self.rules = rules
        self.reuses = reuses
        sessions = Sessions(
            store: rules.store, tokens: rules.tokens, passwords: rules.passwords, window: window,
            onReuse: { reuse in reuses.withLock { $0.append(reuse) } })
        try await rules.addJohn()
        login = try await rules.logInJohn()
    }

    @discardableResult
    func refresh(
        _ tokens: IssuedTokens, by refreshClient: RefreshClient = .browser, at second: Int64
    ) async throws -> IssuedTokens {
        try await sessions.refresh(
            refreshToken: tokens.refreshToken, by: refreshClient, at: .start + second)
    }

    @discardableResult
    func use(_ tokens: IssuedTokens, at second: Int64) async throws -> Caller {
        try await sessions.resume(accessToken: tokens.accessToken, at: .start + second)
    }
}

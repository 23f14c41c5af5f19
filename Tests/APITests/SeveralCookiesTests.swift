import HTTPTypes
import SQLiteStore
import Testing
import Threads

@testable import API
@testable import Identity

/// Several cookies of one name, as when another program of the domain has set one of them.
struct SeveralCookiesTests {
    private static let foreign = "of-another-application"
    private static let browser: KeyValuePairs = ["HTTP_SEC_FETCH_SITE": "same-origin"]

    // MARK: Access tokens

    @Test(arguments: [
        "FOREIGN GOOD", "EMPTY GOOD", "FOREIGN EMPTY FORGED GOOD", "GOOD FOREIGN", "ENDED GOOD",
        "REFRESH GOOD", "EXPIRED GOOD", "REMOVED GOOD", "FORGED FORGED FORGED GOOD",
    ])
    func `the first good access token counts`(cookies: String) async throws {
        let service = try await TestService()
        let values = try await service.accessTokens()

        let reply = await service.me(cookies, values)

        #expect(reply.text == #"{"username":"john@example.com","role":"user"}"#)
        #expect(await service.call("GET", "/api/auth/me", token: values["GOOD"]).status == 200)
    }

    @Test(arguments: [
        ("FOREIGN FORGED", 403, "Invalid or expired token"),
        ("FOREIGN ENDED", 403, "Invalid or expired token"),
        ("EMPTY EMPTY", 401, "Access token required"),
        // The client of an expired token shall refresh, whatever else the jar contains.
        ("EXPIRED FOREIGN", 401, "Access token required"),
        ("FOREIGN EXPIRED", 401, "Access token required"),
        ("FOREIGN REMOVED", 404, "User not found"),
    ])
    func `without a good access token, the most helpful error is returned`(
        cookies: String, status: Int, message: String
    ) async throws {
        let service = try await TestService()
        let values = try await service.accessTokens()

        #expect(await service.me(cookies, values).text == Reply.error(status, message))
    }

    @Test func `only a few cookies of one name are tried`() async throws {
        let service = try await TestService()
        let values = try await service.accessTokens()
        let forged = Array(repeating: "FORGED", count: 100).joined(separator: " ")

        #expect(await service.me("\(forged) GOOD", values).status == 403)
        #expect(await service.me("GOOD \(forged)", values).status == 200)
    }

    @Test func `a page of another origin cannot use a good cookie behind an empty one`()
        async throws
    {
        let service = try await TestService()
        let tokens = try await service.logIn()

        let reply = await service.call(
            "POST", "/api/auth/logout", cookie: "accessToken=; accessToken=\(tokens.access)",
            parameters: ["HTTP_SEC_FETCH_SITE": "cross-site"])

        #expect(reply.text == Reply.error(403, "Cross-origin request refused"))
    }

    @Test(arguments: [("admin@example.com", true), ("john@example.com", false)])
    func `a given-up access token beside a good one ends its session only for another account`(
        other: String, isEnded: Bool
    ) async throws {
        let service = try await TestService()
        let stolen = try await service.logIn()
        // The response with the token of generation 1 was lost, so the browser asked again.
        let lost = await service.refresh(cookie: stolen.refresh, parameters: Self.browser)
        service.now.withLock { $0.milliseconds += 11_000 }
        let next = await service.refresh(cookie: stolen.refresh, parameters: Self.browser)
        service.now.withLock { $0.milliseconds += 11_000 }
        let good = try await service.logIn(other)

        let reply = await service.call(
            "GET", "/api/auth/me",
            cookie: "accessToken=\(try lost.tokens.access); accessToken=\(good.access)")

        #expect(reply.text.contains(other))
        let owner = await service.call("GET", "/api/auth/me", token: try next.tokens.access)
        #expect(owner.status == (isEnded ? 403 : 200))
    }

    // MARK: Refresh tokens

    @Test(arguments: [
        "FOREIGN GOOD", "EMPTY GOOD", "FORGED EMPTY FOREIGN GOOD", "GOOD FOREIGN", "ENDED GOOD",
        "ACCESS GOOD", "EXPIRED GOOD", "STALE GOOD", "GOOD STALE", "FOREIGN STALE GOOD",
        "OTHER-STALE GOOD",
    ])
    func `the first good refresh token is exchanged, and nothing ends`(cookies: String) async throws
    {
        let service = try await TestService()
        let values = try await service.refreshTokens()

        let reply = await service.refresh(cookies, values, Self.browser)

        #expect(reply.status == 200)
        #expect(reply.fields[values: .setCookie].count == 2)
        let next = try reply.tokens
        #expect(await service.call("GET", "/api/auth/me", token: next.access).status == 200)
        #expect(await service.refresh(cookie: next.refresh).status == 200)
        #expect(try await service.isLive(values["OTHER", default: ""]))
    }

    @Test(arguments: [
        ("FOREIGN FORGED", 401, "Invalid refresh token"),
        ("FOREIGN ACCESS", 401, "Invalid refresh token"),
        ("ACCESS FOREIGN", 400, "Refresh token is invalid or expired."),
        ("FOREIGN ENDED", 400, "Refresh token is invalid or expired."),
    ])
    func `without a good refresh token, the first error is returned`(
        cookies: String, status: Int, message: String
    ) async throws {
        let service = try await TestService()
        let values = try await service.refreshTokens()

        let reply = await service.refresh(cookies, values, Self.browser)

        #expect(reply.text == Reply.error(status, message))
        #expect(try await service.isLive(values["GOOD", default: ""]))
        #expect(try await service.isLive(values["OTHER", default: ""]))
    }

    @Test(arguments: ["STALE FOREIGN", "FOREIGN STALE", "STALE STALE", "ENDED STALE"])
    func `a reused token beside bad ones ends its session`(cookies: String) async throws {
        let service = try await TestService()
        let values = try await service.refreshTokens()

        let reply = await service.refresh(cookies, values, Self.browser)

        #expect(reply.text == Reply.error(400, "Refresh token is invalid or expired."))
        #expect(try await !service.isLive(values["GOOD", default: ""]))
        #expect(try await service.isLive(values["OTHER", default: ""]))
    }

    @Test(arguments: ["STALE THIEF", "THIEF STALE"])
    func `a thief cannot shield a reused token with a session of their own`(cookies: String)
        async throws
    {
        let service = try await TestService()
        var values = try await service.refreshTokens()
        values["THIEF"] = try await service.logIn("admin@example.com").refresh

        let reply = await service.refresh(cookies, values, Self.browser)

        #expect(reply.status == 200)
        // A token after the first good one is not looked at, as if it had not been sent.
        let isJudged = cookies.hasPrefix("STALE")
        #expect(try await service.isLive(values["GOOD", default: ""]) == !isJudged)
    }

    // MARK: Logout

    @Test(arguments: [
        "FOREIGN GOOD", "ATTACKER GOOD", "GOOD ATTACKER", "EMPTY FORGED GOOD", "STALE GOOD",
    ])
    func `a logout by refresh token ends the session of every good one`(cookies: String)
        async throws
    {
        let service = try await TestService()
        var values = try await service.refreshTokens()
        values["ATTACKER"] = try await service.logIn("admin@example.com").refresh

        let reply = await service.call(
            "POST", "/api/auth/refresh/logout",
            cookie: service.cookie("refreshToken", cookies, values))

        #expect(reply.text == Reply.error(200, "You are successfully logged out"))
        #expect(try await !service.isLive(values["GOOD", default: ""]))
        let attackers = values["ATTACKER", default: ""]
        #expect(try await service.isLive(attackers) == !cookies.contains("ATTACKER"))
        #expect(try await service.isLive(values["OTHER", default: ""]))
    }

    @Test(arguments: ["", "?all=true"])
    func `a logout by access token ends the session of every good one`(query: String) async throws {
        let service = try await TestService()
        let own = try await service.logIn()
        let elsewhere = try await service.logIn()
        let attackers = try await service.logIn("admin@example.com")

        let reply = await service.call(
            "POST", "/api/auth/logout\(query)",
            cookie: "accessToken=\(Self.foreign); accessToken=\(attackers.access); "
                + "accessToken=\(own.access)")

        #expect(reply.status == 200)
        for (tokens, isLive) in [(own, false), (attackers, false), (elsewhere, query.isEmpty)] {
            #expect(try await service.isLive(tokens.refresh) == isLive)
        }
    }
}

extension TestService {
    /// Access tokens of each kind, by the words that the tests use for them.
    fileprivate func accessTokens() async throws -> [String: String] {
        var values = Self.words
        let expired = try await logIn()
        let ended = try await logIn()
        _ = await call("POST", "/api/auth/logout", token: ended.access)
        try await accounts.add(
            email: "gone@example.com", password: Self.password, by: .stranger,
            now: Timestamp(seconds: 1))
        let removed = try await logIn("gone@example.com")
        now.withLock { $0.milliseconds += 59_000 }
        let removedLater = try await refresh(cookie: removed.refresh).tokens
        try await accounts.remove(
            email: "gone@example.com", by: .operator, now: now.withLock { $0 })
        now.withLock { $0.milliseconds += 2_000 }
        let good = try await logIn()
        values["EXPIRED"] = expired.access
        values["ENDED"] = ended.access
        values["REMOVED"] = removedLater.access
        values["GOOD"] = good.access
        values["FORGED"] = "\(good.access.dropLast(4))AAAA"
        values["REFRESH"] = good.refresh
        return values
    }

    /// Refresh tokens of each kind.
    ///
    /// `STALE` is of the same session as `GOOD`, and `OTHER-STALE`
    /// as `OTHER`.
    fileprivate func refreshTokens() async throws -> [String: String] {
        var values = Self.words
        values["EXPIRED"] = try await logIn().refresh
        now.withLock { $0.milliseconds += 181_000 }
        let ended = try await logIn()
        _ = await call("POST", "/api/auth/logout", token: ended.access)
        values["ENDED"] = ended.refresh
        for (stale, newest) in [("STALE", "GOOD"), ("OTHER-STALE", "OTHER")] {
            var tokens = try await logIn()
            values[stale] = tokens.refresh
            values["ACCESS"] = tokens.access
            for _ in 0..<2 {
                tokens = try await refresh(cookie: tokens.refresh).tokens
                _ = await call("GET", "/api/auth/me", token: tokens.access)
                now.withLock { $0.milliseconds += 11_000 }
            }
            values[newest] = tokens.refresh
        }
        values["FORGED"] = "\(values["GOOD", default: ""].dropLast(4))AAAA"
        return values
    }

    private static let words = ["FOREIGN": "of-another-application", "EMPTY": ""]

    fileprivate func cookie(_ name: String, _ words: String, _ values: [String: String]) -> String {
        words.split(separator: " ").map { "\(name)=\(values[String($0), default: "?"])" }
            .joined(separator: "; ")
    }

    fileprivate func me(_ words: String, _ values: [String: String]) async -> Reply {
        await call("GET", "/api/auth/me", cookie: cookie("accessToken", words, values))
    }

    fileprivate func refresh(
        _ words: String, _ values: [String: String], _ parameters: KeyValuePairs<String, String>
    ) async -> Reply {
        await call(
            "POST", "/api/auth/refresh", cookie: cookie("refreshToken", words, values),
            parameters: parameters)
    }

    /// Whether the session of a genuine refresh token goes on, without using the token.
    fileprivate func isLive(_ token: String) async throws -> Bool {
        let claims = try Tokens(secret: Self.secret, accessLifetime: 60, refreshLifetime: 180)
            .refreshClaims(in: token, at: Timestamp(seconds: 1)).claims
        return try await store.read {
            try $0.session(id: claims.sessionID)?.session.endedAt == nil
        }
    }
}

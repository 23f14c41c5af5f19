import HTTPTypes
import Testing

@testable import API

/// Which clients may reuse a token for a short time, and which must mark a request as a retry.
struct RefreshClientTests {
    private static let ended = Reply.error(400, "Refresh token is invalid or expired.")

    @Test(
        arguments: [
            ["HTTP_SEC_FETCH_SITE": "same-origin"], ["HTTP_SEC_FETCH_SITE": "none"],
            ["HTTP_ORIGIN": TestService.allowedOrigin],
            ["HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": TestService.allowedOrigin],
            // The key of a browser's page is ignored, because its tabs share the cookies.
            ["HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_IDEMPOTENCY_KEY": ""],
        ] as [KeyValuePairs<String, String>])
    func `the tabs of a browser get the same token`(
        parameters: KeyValuePairs<String, String>
    ) async throws {
        let service = try await TestService()
        let token = try await service.logIn().refresh

        let one = await service.refresh(cookie: token, parameters: parameters)
        let other = await service.refresh(cookie: token, parameters: parameters)

        #expect(one.status == 200)
        #expect(try other.tokens.refresh == one.tokens.refresh)
    }

    @Test func `a browser's newest token is not set again`() async throws {
        let service = try await TestService()
        let old = try await service.logIn().refresh
        let parameters: KeyValuePairs = ["HTTP_SEC_FETCH_SITE": "same-origin"]
        let next = await service.refresh(cookie: old, parameters: parameters)

        let newest = await service.refresh(
            cookie: try next.tokens.refresh, parameters: parameters)
        let late = await service.refresh(cookie: old, parameters: parameters)

        #expect(try newest.tokens.refresh == next.tokens.refresh)
        #expect(newest.fields[values: .setCookie].map { $0.prefix(12) } == ["accessToken="])
        #expect(late.fields[values: .setCookie].count == 2)
    }

    @Test(
        arguments: [
            [:], ["HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": ""], ["HTTP_USER_AGENT": "Mozilla/5.0"],
        ] as [KeyValuePairs<String, String>])
    func `a client with a cookie only is not treated as a browser`(
        parameters: KeyValuePairs<String, String>
    ) async throws {
        let service = try await TestService()
        let token = try await service.logIn().refresh

        #expect(await service.refresh(cookie: token, parameters: parameters).status == 200)
        #expect(await service.refresh(cookie: token, parameters: parameters).text == Self.ended)
    }

    @Test(arguments: ["", "refreshToken="])
    func `a token in the body comes from a program, whatever fields are sent`(cookie: String)
        async throws
    {
        let service = try await TestService()
        let json = #"{"refreshToken":"\#(try await service.logIn().refresh)"}"#
        func refresh() async -> Reply {
            await service.call(
                "POST", "/api/auth/refresh", cookie: cookie, json: json,
                parameters: ["HTTP_SEC_FETCH_SITE": "same-origin"])
        }

        #expect(await refresh().status == 200)
        #expect(await refresh().text == Self.ended)
    }

    @Test(arguments: ["k", "\"8e03978e-40d5\"", String(repeating: "~", count: 255)])
    func `a program's retry gets the same response again`(key: String) async throws {
        let service = try await TestService()
        let token = try await service.logIn().refresh
        func refresh(_ key: String) async -> Reply {
            await service.refresh(cookie: token, parameters: ["HTTP_IDEMPOTENCY_KEY": key])
        }

        let one = await refresh(key)
        let again = await refresh(key)

        #expect(one.status == 200)
        #expect(try again.tokens.refresh == one.tokens.refresh)
        #expect(await refresh("another").text == Self.ended)
    }

    @Test(arguments: [
        "", " ", "a b", "\u{E9}", "a\tb", "\u{7F}", String(repeating: "k", count: 256),
    ])
    func `an invalid key is refused, and the token stays valid`(key: String) async throws {
        let service = try await TestService()
        let token = try await service.logIn().refresh

        let reply = await service.refresh(
            cookie: token, parameters: ["HTTP_IDEMPOTENCY_KEY": key])

        #expect(
            reply.text == """
                {"statusCode":400,"message":"Validation failed","errors":\
                ["\\"Idempotency-Key\\" must be 1 to 255 visible ASCII characters"]}
                """)
        #expect(await service.refresh(cookie: token).status == 200)
    }
}

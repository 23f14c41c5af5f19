import HTTPTypes
import Identity
import TestSupport
import Testing
import Threads

@testable import API

/// `GET /api/auth/refresh/status`, which a page asks before it knows who is signed in.
struct StatusTests {
    private static let path = "/api/auth/refresh/status"
    private static let john = #"{"username":"john@example.com","role":"user"}"#

    @Test func `a client without a token is told that no one is signed in`() async throws {
        let service = try await TestService()

        let reply = await service.call("GET", Self.path)

        #expect(reply.status == 200)
        #expect(reply.text == #"{"user":null,"canRefresh":false}"#)
    }

    @Test func `an access token names its user, in a cookie and in Authorization`() async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()
        let cookie = "accessToken=\(tokens.access); refreshToken=\(tokens.refresh)"

        #expect(
            await service.call("GET", Self.path, cookie: cookie).text
                == #"{"user":\#(Self.john),"canRefresh":true}"#)
        #expect(
            await service.call("GET", Self.path, token: tokens.access).text
                == #"{"user":\#(Self.john),"canRefresh":false}"#)
    }

    @Test func `a refresh token is only noticed: asking changes nothing and spends no token`()
        async throws
    {
        let service = try await TestService()
        let tokens = try await service.logIn()
        let before = try service.dump()

        for _ in 0..<3 {
            let reply = await service.call(
                "GET", Self.path, cookie: "refreshToken=\(tokens.refresh)")
            #expect(reply.status == 200)
            #expect(reply.text == #"{"user":null,"canRefresh":true}"#)
            #expect(reply.fields[values: .setCookie] == [])
        }
        #expect(try service.dump() == before)
        #expect(await service.refresh(cookie: tokens.refresh).status == 200)
    }

    @Test func `a token that is not accepted is no error`() async throws {
        let service = try await TestService()
        let ended = try await service.logIn()
        _ = await service.call("POST", "/api/auth/logout", token: ended.access)
        let expired = try await service.logIn()
        service.now.withLock { $0 = Timestamp(seconds: $0.seconds + 61) }

        for token in [ended.access, expired.access, expired.refresh, "x"] {
            for cookie in ["accessToken=\(token)", nil] {
                let reply = await service.call(
                    "GET", Self.path, token: cookie == nil ? token : nil, cookie: cookie)
                #expect(reply.status == 200)
                #expect(reply.text == #"{"user":null,"canRefresh":false}"#)
            }
        }
    }
}

import HTTPTypes
import Identity
import Testing
import Threads

@testable import API

struct LogoutTests {
    private static let done = Reply.error(200, "You are successfully logged out")

    @Test(arguments: ["?all=true", "?x=1&all=true", "?all=true&", "/?%61ll=true", "?all=true&x"])
    func `a logout can end all sessions`(query: String) async throws {
        let service = try await TestService()
        let phone = try await service.logIn()
        let laptop = try await service.logIn()
        let stranger = try await service.logIn("admin@example.com")

        let reply = await service.call("POST", "/api/auth/logout\(query)", token: phone.access)

        #expect(reply.text == Self.done)
        #expect(reply.fields[values: .setCookie] == Cookies.contract.cleared)
        for tokens in [phone, laptop] {
            #expect(await service.call("GET", "/api/auth/me", token: tokens.access).status == 403)
            #expect(await service.refresh(cookie: tokens.refresh).status == 400)
        }
        #expect(await service.call("GET", "/api/auth/me", token: stranger.access).status == 200)
    }

    @Test(arguments: ["", "?", "?all=false", "?ALL=true", "?x=all=true", "?all[]=true", "?al=true"])
    func `a logout ends only this session by default`(query: String) async throws {
        let service = try await TestService()
        let phone = try await service.logIn()
        let laptop = try await service.logIn()

        let reply = await service.call("POST", "/api/auth/logout\(query)", token: phone.access)

        #expect(reply.text == Self.done)
        #expect(await service.call("GET", "/api/auth/me", token: phone.access).status == 403)
        #expect(await service.call("GET", "/api/auth/me", token: laptop.access).status == 200)
    }

    @Test(arguments: [
        "?all", "?all=", "?all=1", "?all=TRUE", "?all=true&all=true", "?all=false&all=true",
        "?all=true%20", "?all=true=",
    ])
    func `a logout with an unclear value of all is refused`(query: String) async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()

        let reply = await service.call("POST", "/api/auth/logout\(query)", token: tokens.access)

        #expect(
            reply.text == """
                {"statusCode":400,"message":"Validation failed","errors":\
                ["\\"all\\" must be a boolean"]}
                """)
        #expect(await service.call("GET", "/api/auth/me", token: tokens.access).status == 200)
    }

    @Test(arguments: [true, false])
    func `a refresh token of any generation ends its session`(isInCookie: Bool) async throws {
        let service = try await TestService()
        let old = try await service.logIn()
        let new = try await service.refresh(cookie: old.refresh).tokens
        func logOut() async -> Reply {
            await service.call(
                "POST", "/api/auth/refresh/logout",
                cookie: isInCookie ? "refreshToken=\(old.refresh)" : nil,
                json: isInCookie ? nil : #"{"refreshToken":"\#(old.refresh)"}"#)
        }

        let reply = await logOut()

        #expect(reply.text == Self.done)
        #expect(reply.fields[values: .setCookie] == Cookies.contract.cleared)
        #expect(await service.call("GET", "/api/auth/me", token: new.access).status == 403)
        #expect(await service.refresh(cookie: new.refresh).status == 400)
        #expect(await logOut().text == Self.done)
    }

    @Test func `a refresh token ends its session even if the access token has expired`()
        async throws
    {
        let service = try await TestService()
        let tokens = try await service.logIn()
        service.now.withLock { $0.milliseconds += 61_000 }

        let reply = await service.call(
            "POST", "/api/auth/refresh/logout/",
            cookie: "accessToken=\(tokens.access); refreshToken=\(tokens.refresh)")

        #expect(reply.text == Self.done)
        #expect(await service.refresh(cookie: tokens.refresh).status == 400)
    }

    @Test func `an invalid refresh token cannot end a session`() async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()
        let invalid = Reply.error(401, "Invalid refresh token")
        func logOut(_ token: String) async -> Reply {
            await service.call(
                "POST", "/api/auth/refresh/logout", cookie: "refreshToken=\(token)")
        }

        #expect(await logOut("").text == Reply.error(401, "refreshToken is not provided"))
        #expect(await logOut("x").text == invalid)
        #expect(await logOut("\(tokens.refresh.dropLast(4))AAAA").text == invalid)
        #expect(await service.call("GET", "/api/auth/me", token: tokens.access).status == 200)
        service.now.withLock { $0.milliseconds += 181_000 }
        #expect(await logOut(tokens.refresh).text == invalid)
    }
}

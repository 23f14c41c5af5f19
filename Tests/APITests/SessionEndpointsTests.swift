import HTTPTypes
import Identity
import Testing
import Threads

@testable import API

struct SessionEndpointsTests {
    private static let firefox =
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    private static let notFound = Reply.problem(404, "Session not found")

    @Test func `a person sees where they are signed in, the latest login first`() async throws {
        let service = try await TestService()
        _ = try await service.logIn("admin@example.com")
        _ = try await service.logIn(from: "192.0.2.1", userAgent: Self.firefox)
        service.now.withLock { $0.milliseconds += 1_500 }
        let phone = try await service.logIn(from: "2001:db8::1", userAgent: "curl/8.5.0")
        let ids = try await service.sessionIDs(of: phone.access)

        let reply = await service.call("GET", "/api/auth/sessions", token: phone.access)

        try #require(ids.count == 2)
        #expect(reply.status == 200)
        #expect(
            reply.text == """
                [{"id":"\(ids[0])","created":"2027-01-15T08:00:01.500Z",\
                "lastSeen":"2027-01-15T08:00:01.500Z","address":"2001:db8::1","device":"curl",\
                "current":true},\
                {"id":"\(ids[1])","created":"2027-01-15T08:00:00.000Z",\
                "lastSeen":"2027-01-15T08:00:00.000Z","address":"192.0.2.1",\
                "device":"Firefox on Linux","current":false}]
                """)
    }

    @Test func `a refresh tells where the session is now`() async throws {
        let service = try await TestService()
        let login = try await service.logIn(from: "192.0.2.1", userAgent: "curl/8.5.0")
        service.now.withLock { $0.milliseconds += 30_000 }

        let tokens = try await service.refresh(
            cookie: login.refresh,
            parameters: ["REMOTE_ADDR": "192.0.2.2", "HTTP_USER_AGENT": Self.firefox]
        ).tokens
        let reply = await service.call("GET", "/api/auth/sessions", token: tokens.access)

        #expect(
            reply.text.contains(
                """
                "created":"2027-01-15T08:00:00.000Z","lastSeen":"2027-01-15T08:00:30.000Z",\
                "address":"192.0.2.2","device":"Firefox on Linux"
                """))
    }

    @Test func `another session is ended, and this one stays`() async throws {
        let service = try await TestService()
        let lost = try await service.logIn()
        service.now.withLock { $0.milliseconds += 1 }
        let here = try await service.logIn()
        let id = try await service.sessionIDs(of: here.access)[1]

        let reply = await service.call("DELETE", "/api/auth/sessions/\(id)", token: here.access)
        let again = await service.call("DELETE", "/api/auth/sessions/\(id)", token: here.access)

        #expect((reply.status, reply.text) == (204, ""))
        #expect(reply.fields[values: .setCookie].isEmpty)
        #expect(again.text == Self.notFound)
        #expect(await service.call("GET", "/api/auth/me", token: lost.access).status == 403)
        #expect(await service.refresh(cookie: lost.refresh).status == 400)
        #expect(try await service.sessionIDs(of: here.access).count == 1)
    }

    @Test func `ending this session clears its cookies`() async throws {
        let service = try await TestService()
        let here = try await service.logIn()
        let id = try await service.sessionIDs(of: here.access)[0]

        let reply = await service.call("DELETE", "/api/auth/sessions/\(id)/", token: here.access)

        #expect(reply.status == 204)
        #expect(reply.fields[values: .setCookie] == Cookies.contract.cleared)
        #expect(await service.call("GET", "/api/auth/me", token: here.access).status == 403)
    }

    @Test func `somebody else's session is none`() async throws {
        let service = try await TestService()
        let admin = try await service.logIn("admin@example.com")
        let john = try await service.logIn()
        let id = try await service.sessionIDs(of: admin.access)[0]

        let reply = await service.call("DELETE", "/api/auth/sessions/\(id)", token: john.access)

        #expect(reply.text == Self.notFound)
        #expect(await service.call("GET", "/api/auth/me", token: admin.access).status == 200)
    }

    @Test(arguments: ["0", "1", "-1", "+1", "01", "x", "%", "9223372036854775808", "%D9%A1"])
    func `a number that is none names no session`(id: String) async throws {
        let service = try await TestService()
        let here = try await service.logIn()

        let reply = await service.call("DELETE", "/api/auth/sessions/\(id)", token: here.access)

        #expect(reply.text == Self.notFound)
    }

    @Test func `sessions have the methods of the table`() async throws {
        let service = try await TestService()
        let here = try await service.logIn()

        let list = await service.call("DELETE", "/api/auth/sessions/", token: here.access)
        let one = await service.call("GET", "/api/auth/sessions/1", token: here.access)

        #expect((list.status, list.fields[.allow]) == (405, "GET, HEAD"))
        #expect((one.status, one.fields[.allow]) == (405, "DELETE"))
    }
}

extension TestService {
    /// The numbers of the sessions that an access token's account has, as they are listed.
    func sessionIDs(of accessToken: String) async throws -> [Session.ID] {
        let reply = await call("GET", "/api/auth/sessions", token: accessToken)
        return reply.text.split(separator: #"{"id":""#).dropFirst()
            .compactMap { Session.ID($0.prefix { $0 != "\"" }) }
    }
}

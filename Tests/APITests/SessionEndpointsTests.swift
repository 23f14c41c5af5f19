import HTTPTypes
import Identity
import Testing
import Threads

@testable import API

struct SessionEndpointsTests {
    private static let firefox =
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    private static let notFound = Reply.error(404, "Session not found")

    @Test func `a user sees their sessions, the latest login first`() async throws {
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

    @Test func `a refresh updates the address and device of the session`() async throws {
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

    @Test func `a user can end another session and keep this one`() async throws {
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

    @Test func `another user's session is not found`() async throws {
        let service = try await TestService()
        let admin = try await service.logIn("admin@example.com")
        let john = try await service.logIn()
        let id = try await service.sessionIDs(of: admin.access)[0]

        let reply = await service.call("DELETE", "/api/auth/sessions/\(id)", token: john.access)

        #expect(reply.text == Self.notFound)
        #expect(await service.call("GET", "/api/auth/me", token: admin.access).status == 200)
    }

    @Test(arguments: ["0", "1", "-1", "+1", "01", "x", "%", "9223372036854775808", "%D9%A1"])
    func `an invalid number is not found`(id: String) async throws {
        let service = try await TestService()
        let here = try await service.logIn()

        let reply = await service.call("DELETE", "/api/auth/sessions/\(id)", token: here.access)

        #expect(reply.text == Self.notFound)
    }

    @Test func `sessions have only the methods of the table`() async throws {
        let service = try await TestService()
        let here = try await service.logIn()

        let list = await service.call("DELETE", "/api/auth/sessions/", token: here.access)
        let one = await service.call("GET", "/api/auth/sessions/1", token: here.access)

        #expect((list.status, list.fields[.allow]) == (405, "GET, HEAD"))
        #expect((one.status, one.fields[.allow]) == (405, "DELETE"))
    }
}

extension TestService {
    /// The numbers of the sessions of an access token's account, in the order of the list.
    func sessionIDs(of accessToken: String) async throws -> [Session.ID] {
        let reply = await call("GET", "/api/auth/sessions", token: accessToken)
        return reply.text.split(separator: #"{"id":""#).dropFirst()
            .compactMap { Session.ID($0.prefix { $0 != "\"" }) }
    }
}

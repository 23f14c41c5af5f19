import HTTPTypes
import Identity
import Testing
import Threads

@testable import API

/// Actions that require the password again, so that a copied token does not suffice for them.
struct RecentSignInTests {
    private static let refused = """
        {"statusCode":403,"message":"Recent sign-in required","errors":["Log in again with the \
        password, then repeat the request within 10 minutes"]}
        """

    @Test(arguments: [#"{"role":"admin"}"#, #"{"disabled":true}"#, "{}", "[]"])
    func `an administrator changes accounts only shortly after signing in`(json: String)
        async throws
    {
        let service = try await TestService(accessLifetime: 3600)
        let old = try await service.logIn("admin@example.com")
        service.now.withLock { $0.milliseconds += 599_999 }
        let inTime = await service.call("PUT", "/api/users/1", token: old.access, json: json)
        service.now.withLock { $0.milliseconds += 1 }
        let before = try service.dump(of: "accounts")

        let late = await service.call("PUT", "/api/users/1", token: old.access, json: json)
        let refreshed = try await service.refresh(cookie: old.refresh).tokens
        let afterRefresh = await service.call(
            "PUT", "/api/users/1", token: refreshed.access, json: json)

        #expect(inTime.text != Self.refused)
        #expect(late.status == 403)
        #expect(late.text == Self.refused)
        #expect(afterRefresh.text == Self.refused)
        #expect(try service.dump(of: "accounts") == before)
        let new = try await service.logIn("admin@example.com")
        let again = await service.call("PUT", "/api/users/1", token: new.access, json: json)
        #expect(again.status == inTime.status)
    }

    @Test func `the role is judged before the time`() async throws {
        let service = try await TestService(accessLifetime: 3600)
        let john = try await service.logIn()
        service.now.withLock { $0.milliseconds += 600_000 }

        let reply = await service.call("PUT", "/api/users/1", token: john.access, json: "{}")

        #expect(reply.text == Reply.error(403, "Insufficient permissions"))
    }

    @Test func `a session ends others only shortly after signing in, but can always log out`()
        async throws
    {
        let service = try await TestService(accessLifetime: 3600)
        let old = try await service.logIn()
        service.now.withLock { $0.milliseconds += 600_000 }
        let new = try await service.logIn()
        let ids = try await service.sessionIDs(of: new.access)

        let late = await service.call(
            "DELETE", "/api/auth/sessions/\(ids[0])", token: old.access)
        let inTime = await service.call(
            "DELETE", "/api/auth/sessions/\(ids[1])", token: new.access)

        #expect(late.text == Self.refused)
        #expect(inTime.status == 204)
        service.now.withLock { $0.milliseconds += 600_000 }
        let logout = await service.call("POST", "/api/auth/logout?all=true", token: new.access)
        #expect(logout.status == 200)
    }

    @Test func `a password change counts as a sign-in`() async throws {
        let service = try await TestService(accessLifetime: 3600)
        let old = try await service.logIn("admin@example.com")
        service.now.withLock { $0.milliseconds += 600_000 }

        let new = try await service.call(
            "POST", "/api/auth/password", token: old.access,
            json: #"{"currentPassword":"\#(TestService.password)","newPassword":"An0ther!!"}"#
        ).tokens

        let reply = await service.call("PUT", "/api/users/1", token: new.access, json: "{}")
        #expect(reply.status == 204)
    }

    @Test func `after the clock was set back, a session of the future is not recent`() async throws
    {
        let service = try await TestService(accessLifetime: 3600)
        let admin = try await service.logIn("admin@example.com")
        service.now.withLock { $0.milliseconds -= 600_000 }

        let reply = await service.call("PUT", "/api/users/1", token: admin.access, json: "{}")

        #expect(reply.text == Self.refused)
    }
}

import HTTPTypes
import Identity
import Testing
import Threads

@testable import API

struct RefusedActionTests {
    @Test func `a refused action is recorded with its account and session`() async throws {
        let service = try await TestService(accessLifetime: 3600)
        let john = try await service.logIn()
        let admin = try await service.logIn("admin@example.com")
        let requests: [(String, String, String)] = [
            ("DELETE", "/api/people/1", john.access), ("DELETE", "/api/people/abc", john.access),
            ("GET", "/api/users?q=secret", john.access), ("PUT", "/api/users/2", admin.access),
        ]

        for (method, target, token) in requests {
            _ = await service.call(
                method, target, token: token, json: #"{"role":"user"}"#,
                parameters: ["REMOTE_ADDR": "192.0.2.7"])
        }
        service.now.withLock { $0.milliseconds += 600_000 }
        _ = await service.call("PUT", "/api/users/1", token: admin.access, json: "{}")

        let events = try await service.refusals()
        #expect(
            events.map { "\($0.accountID ?? 0) \($0.address) \($0.detail)" } == [
                "1 192.0.2.7 DELETE /api/people/1: insufficientRole",
                "1 192.0.2.7 DELETE /api/people/: insufficientRole",
                "1 192.0.2.7 GET /api/users: insufficientRole",
                "2 192.0.2.7 PUT /api/users/2: cannotDemoteSelf",
                "2  PUT /api/users/1: recentSignInRequired",
            ])
        #expect(events.allSatisfy { $0.sessionID != nil })
    }

    @Test func `the number of recorded refusals is bounded for each account and hour`()
        async throws
    {
        let service = try await TestService(accessLifetime: 7200)
        let john = try await service.logIn()
        func refuse(_ count: Int) async {
            for _ in 0..<count {
                let reply = await service.call("DELETE", "/api/people/1", token: john.access)
                #expect(reply.text == Reply.error(403, "Insufficient permissions"))
            }
        }

        await refuse(50)
        #expect(try await service.refusals().count == 10)
        service.now.withLock { $0.milliseconds += 3_600_000 }
        await refuse(50)
        #expect(try await service.refusals().count == 20)
    }

    @Test func `the number of recorded refusals is bounded for all accounts together`() {
        let limit = RefusalLimit()
        let now = Timestamp(seconds: 1_800_000_000)

        let allowed = (1...5000).filter { limit.allows(Account.ID($0), at: now) }

        #expect(allowed == Array(1...1000))
    }
}

extension TestService {
    fileprivate func refusals() async throws -> [Event] {
        try await accounts.events(Event.Filter(kinds: [.refused], limit: 1000))
    }
}

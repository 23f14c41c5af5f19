import Identity
import SQLiteStore
import Testing
import Threads

@testable import API

/// However a session ends, the next request with its token is refused on every route.
struct EndedSessionTests {
    enum End: CaseIterable {
        case logout, logoutEverywhere, logoutByRefreshToken, endedFromElsewhere, reuse
        case passwordChanged, passwordSet, disabled, roleChanged, removed, expired,
            bodyTokenReplayed
    }

    @Test(arguments: End.allCases)
    func `the token of an ended session is refused on every route`(end: End) async throws {
        let service = try await TestService()
        let other = try await service.logIn("admin@example.com")
        service.now.withLock { $0.milliseconds += 1 }
        let ended = try await service.logIn("admin@example.com")
        let routes = service.service.routes.filter { !$0.isOpen }
        try #require(!routes.isEmpty)

        try await service.bring(ended, to: end, from: other)

        for route in routes {
            let reply = await service.call(
                route.method, route.path + (route.hasID ? "1" : ""), token: ended.access,
                json: "{}")
            let isNotFound = end == .removed && route.isWhoAmI
            #expect(
                reply.text
                    == (isNotFound
                        ? Reply.error(404, "User not found")
                        : Reply.error(403, "Invalid or expired token")),
                "\(route)")
        }
        let refresh = await service.refresh(cookie: ended.refresh)
        #expect([400, 401].contains(refresh.status))
    }
}

extension TestService {
    fileprivate typealias Pair = (access: String, refresh: String)

    fileprivate func bring(
        _ session: Pair, to end: EndedSessionTests.End, from other: Pair
    ) async throws {
        let email = "admin@example.com"
        let now = now.withLock { $0 }
        switch end {
        case .logout:
            _ = await call("POST", "/api/auth/logout", token: session.access)
        case .logoutEverywhere:
            _ = await call("POST", "/api/auth/logout?all=true", token: other.access)
        case .logoutByRefreshToken:
            _ = await call(
                "POST", "/api/auth/refresh/logout", cookie: "refreshToken=\(session.refresh)")
        case .endedFromElsewhere:
            let id = try await sessionIDs(of: other.access)[0]
            _ = await call("DELETE", "/api/auth/sessions/\(id)", token: other.access)
        case .reuse:
            for _ in 0..<2 { _ = await refresh(cookie: session.refresh) }
        case .bodyTokenReplayed:
            for _ in 0..<2 {
                _ = await call(
                    "POST", "/api/auth/refresh", json: #"{"refreshToken":"\#(session.refresh)"}"#)
            }
        case .passwordChanged:
            _ = await call(
                "POST", "/api/auth/password", token: other.access,
                json: #"{"currentPassword":"\#(Self.password)","newPassword":"An0ther!!"}"#)
        case .passwordSet:
            try await accounts.setPassword("Passw0rd!!", of: email, by: .operator, now: now)
        case .disabled:
            try await accounts.setDisabled(true, of: email, by: .operator, now: now)
        case .roleChanged:
            try await accounts.setRole(.user, of: email, by: .operator, now: now)
        case .removed:
            try await accounts.remove(email: email, by: .operator, now: now)
        case .expired:
            self.now.withLock { $0.milliseconds += 180_000 }
        }
    }
}

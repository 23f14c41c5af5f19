import Cryptography
import Directory
import Glibc
import HTTPTypes
import Identity
import Testing
import Threads

@testable import API

struct RouteTableTests {
    @Test func `routes that are not open refuse every other caller, and change nothing`()
        async throws
    {
        let count = try await TestService().service.routes.count
        for index in 0..<count { try await refuses(routeAt: index) }
    }

    private func refuses(routeAt index: Int) async throws {
        let service = try await TestService()
        let route = service.service.routes[index]
        if route.isOpen { return }
        let good = try await service.logIn()
        let ended = try await service.logIn()
        _ = await service.call("POST", "/api/auth/logout", token: ended.access)
        let expired = try await service.logIn()
        // The first use of an access token is stored.
        for tokens in [good, expired] {
            _ = await service.call("GET", "/api/auth/me", token: tokens.access)
        }
        let before = try service.dump()
        let target = route.path + (route.hasID ? "1" : "")

        #expect(
            await service.call(route.method, target, json: "{}").text
                == Reply.error(401, "Access token required"))
        let bad = [
            "garbage", "a.b.c", good.refresh, ended.access, good.access + ".x",
            String(good.access.dropLast(4)) + "AAAA", try forged(alg: "none", signed: false),
            try forged(alg: "HS384"), try forged(alg: "HS512"), try forged(alg: "HS256"),
        ]
        for token in bad {
            let byHeader = await service.call(route.method, target, token: token, json: "{}")
            let byCookie = await service.call(
                route.method, target, cookie: "accessToken=\(token)", json: "{}")
            #expect(byHeader.text == Reply.error(403, "Invalid or expired token"))
            #expect(byCookie.text == byHeader.text)
        }
        if route.requiredRole == .admin {
            #expect(
                await service.call(route.method, target, token: good.access, json: "{}").text
                    == Reply.error(403, "Insufficient permissions"))
        }
        service.now.withLock { $0.milliseconds += 60_000 }
        #expect(
            await service.call(route.method, target, token: expired.access, json: "{}").text
                == Reply.error(403, "Invalid or expired token"))
        let expiredCookie = "accessToken=\(expired.access)"
        #expect(
            await service.call(route.method, target, cookie: expiredCookie, json: "{}").text
                == Reply.error(401, "Access token required"))
        #expect(try Set(service.dump()).symmetricDifference(before) == [])
    }

    @Test func `only the routes for clients without a session are open`() async throws {
        let service = try await TestService()

        #expect(
            service.service.routes.filter(\.isOpen).map(\.description).sorted() == [
                "GET /api/auth/options", "GET /api/auth/refresh/status", "GET /api/auth/rules",
                "GET /health", "GET /health/ready", "POST /api/auth/login",
                "POST /api/auth/refresh",
                "POST /api/auth/refresh/logout", "POST /api/auth/signup",
            ])
    }

    @Test func `openapi.yaml lists exactly the routes of the table`() async throws {
        let service = try await TestService()
        let lines = try contents(of: "docs/openapi.yaml").split(separator: "\n")
        var path = ""
        var listed: [String] = []
        for line in lines {
            if line.hasPrefix("  /"), line.hasSuffix(":") {
                path = String(line.dropFirst(2).dropLast())
            }
            if !line.hasPrefix(" ") { path = "" }
            let key = line.drop { $0 == " " }
            guard !path.isEmpty, key.startIndex == line.index(line.startIndex, offsetBy: 4),
                key.last == ":", key != "parameters:"
            else { continue }
            let method = key.dropLast().uppercased()
            listed.append("\(method) \(path.replacing("{id}", with: ":id"))")
        }

        #expect(listed.sorted() == service.service.routes.map(\.description).sorted())
    }

    @Test func `openapi.yaml lists every message of an error`() throws {
        let text = try contents(of: "docs/openapi.yaml")
        // Errors become responses only in this file. Its string literals with a space are messages.
        let source = try contents(of: "Sources/API/APIError+Response.swift")
        let code = source.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
            .joined(separator: "\n")
        let messages = code.split(separator: "\"", omittingEmptySubsequences: false)
            .enumerated().filter { $0.offset % 2 == 1 && $0.element.contains(" ") }
            .map {
                $0.element.replacing(#"\(kind)"#, with: "Person")
                    .replacing(#"\(maximum)"#, with: "100000")
                    .replacing(#"\(target)"#, with: "/api/nothing?here=1")
                    .replacing(#"\(Sessions.recentSignInLifetime / 60_000)"#, with: "10")
            }

        #expect(messages.count > 20)
        #expect(messages.contains("Access token required"))
        for message in messages {
            let isListed = text.contains(message)
            #expect(isListed, "\(message)")
        }
    }

    /// A token with valid claims under another header, signed with the secret if `alg` allows it.
    private func forged(alg: String, signed: Bool = true) throws -> String {
        var token: [UInt8] = []
        Base64URL.append(Array(#"{"alg":"\#(alg)","typ":"JWT"}"#.utf8).span, to: &token)
        token.append(UInt8(ascii: "."))
        let claims = #"{"username":"admin@example.com","role":"admin","exp":9999999999}"#
        Base64URL.append(Array(claims.utf8).span, to: &token)
        let code = try SigningKey(secret: TestService.secret).code(for: token.span)
        token.append(UInt8(ascii: "."))
        if signed { Base64URL.append(code.span, to: &token) }
        return String(decoding: token, as: UTF8.self)
    }
}

/// The text of a file in the repository.
private func contents(of file: String) throws -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let descriptor = open("/\(root)/\(file)", O_RDONLY)
    try #require(descriptor >= 0, "\(file) is missing")
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(descriptor, &chunk, chunk.count), count > 0 {
        bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
}

extension Route {
    fileprivate var requiredRole: Role? {
        switch access {
        case .open, .optional, .signedIn: nil
        case .role(let role, _): role
        case .recent(let role, _): role
        }
    }
}

import FastCGI
import HTTPTypes
import Identity
import SQLiteStore
import Testing

@testable import API

/// Parts of the contract that the recorded cases do not cover.
struct ContractTests {
    @Test func `a removed account is 404 on /me and 403 on every other route`() async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()
        try await service.store.write { try $0.removeAccount(id: 1) }

        #expect(
            await service.call("GET", "/api/auth/me", token: tokens.access).text
                == Reply.error(404, "User not found"))
        #expect(
            await service.call("GET", "/api/people", token: tokens.access).text
                == Reply.error(403, "Invalid or expired token"))
    }

    @Test func `a route that requires a role reads it from the store, not from the token`()
        async throws
    {
        let service = try await TestService()
        let admin = try await service.logIn("admin@example.com")
        try await service.store.write { rows in
            guard var account = try rows.account(email: "admin@example.com") else { return }
            account.role = .user
            try rows.updateAccount(account)
        }

        #expect(await service.call("DELETE", "/api/people/1", token: admin.access).status == 403)
        #expect(await service.call("GET", "/api/people/1", token: admin.access).status == 200)
    }

    @Test func `HEAD is treated as GET, and another method is 405 with Allow`() async throws {
        let service = try await TestService()

        let head = await service.call("HEAD", "/health")
        let wrong = await service.call("PATCH", "/api/people/1")

        #expect(head.status == 200)
        #expect(wrong.text == Reply.error(405, "Method not allowed"))
        #expect(wrong.fields[.allow] == "GET, HEAD, PUT, DELETE")
    }

    @Test(arguments: [
        ("/api/people/1", 200), ("/api/people/1/", 200), ("/api/people/%31", 200),
        ("/api/people/1?x=/y", 200), ("/api/people/01", 404), ("/api/people/+1", 404),
        ("/api/people/-1", 404), ("/api/people/1.0", 404), ("/api/people/%", 404),
        ("/api/people/%zz", 404), ("/api/people/%201", 404), ("/api/people/0", 404),
        ("/api/people/9223372036854775807", 404), ("/api/people/9223372036854775808", 404),
        ("/api/people/%D9%A1", 404), ("/api/people/1%00", 404),
    ])
    func `IDs are plain decimal numbers`(target: String, status: Int) async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()

        let reply = await service.call("GET", target, token: tokens.access)

        #expect(reply.status == status)
        if status == 404 { #expect(reply.text == Reply.error(404, "Person not found")) }
    }

    @Test(arguments: [
        "/api/people//", "//api/people", "/api/people/1/x", "/API/people", "/api/peoples", "", "*",
    ])
    func `any other path is not found`(target: String) async throws {
        let service = try await TestService()

        let reply = await service.call("GET", target)

        #expect(reply.status == 404)
        #expect(reply.text.contains("The requested route \(target) does not exist"))
    }

    @Test(arguments: [
        ("Bearer TOKEN", 200), ("bearer TOKEN", 200), ("BEARER TOKEN", 200), ("", 401),
        ("TOKEN", 403), ("Bearer", 403), ("Bearer ", 403), ("Bearer  TOKEN", 403),
        ("Bearer TOKEN x", 403), ("Bearer Bearer TOKEN", 403), ("Token TOKEN", 403),
        ("Bearer\tTOKEN", 403),
    ])
    func `exactly one token must follow the scheme`(header: String, status: Int) async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()

        let reply = await service.call(
            "GET", "/api/auth/me",
            authorization: header.replacing("TOKEN", with: tokens.access))

        #expect(reply.status == status)
    }

    @Test(arguments: [
        ("accessToken=TOKEN", 200), ("a=b; accessToken=TOKEN; accessToken=x", 200),
        ("accessToken=x; accessToken=TOKEN", 200), ("accessToken=\"TOKEN\"", 200),
        (" ;=;accessToken = TOKEN ;", 200), ("AccessToken=TOKEN", 401), ("accessToken=", 401),
        ("accessToken", 401), ("xaccessToken=TOKEN", 401), ("accessToken=%zz", 403),
    ])
    func `the first good cookie with the name is used`(cookie: String, status: Int) async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()

        let reply = await service.call(
            "GET", "/api/auth/me", cookie: cookie.replacing("TOKEN", with: tokens.access))

        #expect(reply.status == status)
    }

    @Test(arguments: [
        (["x=1", "accessToken=TOKEN"], 200), (["accessToken=TOKEN", "accessToken=x"], 200),
        (["accessToken=x", "accessToken=TOKEN"], 200), (["x", "y=1"], 401),
    ])
    func `several cookie fields are read as one`(fields: [String], status: Int) async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()
        var parameters = FastCGIParameters()
        parameters.append("REQUEST_METHOD", "GET")
        parameters.append("REQUEST_URI", "/api/auth/me")
        for field in fields {
            parameters.append("HTTP_COOKIE", field.replacing("TOKEN", with: tokens.access))
        }

        let response = await service.service.respond(
            to: FastCGIRequest(parameters: parameters, body: []))

        #expect(response.head.status.code == status)
    }

    @Test(arguments: [
        ("\"\":1", ["value"]), (#""a":1,"__proto__":{}"#, ["a"]),
        ("\"\":1,\"7\":1", ["7", "value"]),
    ])
    func `unknown names are reported in the words of joi`(more: String, names: [String])
        async throws
    {
        let service = try await TestService()

        let reply = await service.call(
            "POST", "/api/auth/login", json: #"{"username":"a","password":"b",\#(more)}"#)

        let errors = names.map { #""\"\#($0)\" is not allowed""# }.joined(separator: ",")
        #expect(
            reply.text
                == #"{"statusCode":400,"message":"Validation failed","errors":[\#(errors)]}"#)
    }

    @Test func `the cookies have every attribute when they are set and cleared`() async throws {
        let service = try await TestService()
        let login = await service.call(
            "POST", "/api/auth/login",
            json: #"{"username":"john@example.com","password":"Passw0rd!"}"#)
        let logout = await service.call(
            "POST", "/api/auth/logout", token: try await service.logIn().access)

        let flags = "HttpOnly; Secure; SameSite=Strict"
        let set = login.fields[values: .setCookie]
        #expect(set.count == 3)
        #expect(
            set[0].hasSuffix(
                "; Max-Age=60; Path=/; Expires=Fri, 15 Jan 2027 08:01:00 GMT; \(flags)"))
        #expect(
            set[1].hasSuffix(
                "; Max-Age=180; Path=/api/auth/refresh; Expires=Fri, 15 Jan 2027 08:03:00 GMT; \(flags)"
            ))
        #expect(set[2].hasPrefix("device="))
        #expect(
            set[2].hasSuffix(
                "; Max-Age=31536000; Path=/api/auth/login; Expires=Sat, 15 Jan 2028 08:00:00 GMT; \(flags)"
            ))
        let epoch = "Expires=Thu, 01 Jan 1970 00:00:00 GMT"
        #expect(
            logout.fields[values: .setCookie] == [
                "accessToken=; Max-Age=0; Path=/; \(epoch); \(flags)",
                "refreshToken=; Max-Age=0; Path=/api/auth/refresh; \(epoch); \(flags)",
            ])
        #expect(login.fields[.cacheControl] == "no-store")
    }

    @Test func `a throttled client learns how long to wait`() {
        let response = APIError.auth(.throttled(seconds: 17)).response

        #expect(response.status == .tooManyRequests)
        #expect(response.fields[.retryAfter] == "17")
        #expect(
            response.json.map { String(decoding: $0, as: UTF8.self) }
                == Reply.error(429, "Too many requests"))
    }

    @Test func `a full hashing pool responds with 503 and Retry-After`() async throws {
        let service = try await TestService(hashingQueue: 1)
        let login = #"{"username":"john@example.com","password":"Passw0rd!"}"#

        let replies = await withTaskGroup(of: Reply.self) { group in
            for _ in 0..<200 {
                group.addTask { await service.call("POST", "/api/auth/login", json: login) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }

        let refused = replies.filter { $0.status != 200 }
        #expect(refused.count < 200)
        #expect(!refused.isEmpty)
        for reply in refused {
            #expect(reply.text == Reply.error(503, "Service is busy"))
            #expect(reply.fields[.retryAfter] == "1")
        }
    }
}

import API
import Directory
import FastCGI
import HTTPTypes
import Identity
import SQLiteStore
import Testing
import Threads

/// What clients cannot do to people, however many requests they send.
struct PeopleLimitsTests {
    private static let person = #"{"firstName":"Ada","lastName":"King"}"#

    @Test func `beyond the limit a person is refused with a reason`() async throws {
        let service = try await TestService(limits: PeopleLimits(maximum: 3))
        let token = try await service.logIn().access
        let add = { await service.call("POST", "/api/people", token: token, json: Self.person) }

        #expect(await add().status == 201)
        #expect(await add().text == Reply.error(409, "Person limit of 3 is reached"))
        #expect(
            await service.call("PUT", "/api/people/1", token: token, json: Self.person).status
                == 204)
    }

    @Test func `an account that changes people too often has to wait, and others do not`()
        async throws
    {
        let service = try await TestService(limits: PeopleLimits(changesPerMinute: 60))
        let john = try await service.logIn().access
        let admin = try await service.logIn("admin@example.com").access
        let methods = [
            ("POST", "/api/people"), ("PUT", "/api/people/1"), ("DELETE", "/api/people/99"),
        ]
        for number in 0..<60 {
            let (method, target) = methods[number % 3]
            let reply = await service.call(method, target, token: admin, json: Self.person)
            #expect(reply.status != 429, "\(number)")
        }

        for (method, target) in methods {
            let reply = await service.call(method, target, token: admin, json: Self.person)
            #expect(reply.text == Reply.error(429, "Too many requests"))
            #expect(reply.fields[.retryAfter] == "1")
        }
        #expect(await service.call("GET", "/api/people", token: admin).status == 200)
        #expect(
            await service.call("POST", "/api/people", token: john, json: Self.person).status == 201)

        service.now.withLock { $0.milliseconds += 1_000 }
        #expect(
            await service.call("POST", "/api/people", token: admin, json: Self.person).status == 201
        )
        #expect(
            await service.call("POST", "/api/people", token: admin, json: Self.person).status == 429
        )
    }

    @Test func `a client with many accounts is limited too, by its network`() async throws {
        let service = try await TestService(limits: PeopleLimits(changesPerMinute: 3))
        var tokens: [String] = []
        for number in 0..<5 {
            try await service.accounts.add(
                email: "p\(number)@example.com", password: TestService.password, by: .stranger,
                now: Timestamp(seconds: 1))
            tokens.append(try await service.logIn("p\(number)@example.com").access)
        }
        func add(_ token: String, from address: String) async -> Int {
            await service.call(
                "POST", "/api/people", token: token, json: Self.person,
                parameters: ["REMOTE_ADDR": address]
            ).status
        }

        for token in tokens.prefix(4) {
            for number in 0..<3 {
                #expect(await add(token, from: "2001:db8::\(number)") == 201)
            }
        }
        #expect(await add(tokens[4], from: "2001:db8::99") == 429)
        #expect(await add(tokens[4], from: "2001:db8:0:1::99") == 201)
    }

    @Test func `a clock that is set back costs nobody more than a minute`() async throws {
        let service = try await TestService(limits: PeopleLimits(changesPerMinute: 1))
        let token = try await service.logIn().access
        let add = { await service.call("POST", "/api/people", token: token, json: Self.person) }
        #expect(await add().status == 201)

        service.now.withLock { $0.milliseconds -= 50_000 }
        #expect(await add().fields[.retryAfter] == "60")
    }

    @Test func `a long list is produced in parts, and is the same list`() async throws {
        let service = try await TestService()
        let token = try await service.logIn().access
        // 30 control characters are 180 bytes of JSON.
        let name = String(repeating: "\u{1}", count: 30)
        try await service.store.write { rows in
            for _ in 0..<1_000 { _ = try rows.addPerson(firstName: name, lastName: name) }
        }

        let reply = await service.call("GET", "/api/people", token: token)

        let escaped = String(repeating: #"\u0001"#, count: 30)
        let rows = (3...1_002).map {
            #"{"id":\#($0),"firstName":"\#(escaped)","lastName":"\#(escaped)"}"#
        }
        let expected =
            [
                #"{"id":1,"firstName":"John","lastName":"Doe"}"#,
                #"{"id":2,"firstName":"Mike","lastName":"Clark"}"#,
            ] + rows
        #expect(reply.text == "[\(expected.joined(separator: ","))]")
        var parameters = FastCGIParameters()
        parameters.append("REQUEST_METHOD", "GET")
        parameters.append("REQUEST_URI", "/api/people")
        parameters.append("HTTP_AUTHORIZATION", "Bearer \(token)")
        let response = await service.service.respond(
            to: FastCGIRequest(parameters: parameters, body: []))
        var part = response.body
        var rest = response.rest
        var parts = 0
        while let current = rest {
            #expect(part.count < 65_528)
            (part, rest) = try await current.next()
            parts += 1
        }
        #expect(parts > 4)
    }
}

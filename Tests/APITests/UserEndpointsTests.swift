import HTTPTypes
import Identity
import Testing

@testable import API

struct UserEndpointsTests {
    private static let notFound = Reply.error(404, "User not found")
    private static let own = Reply.error(409, "You cannot take rights from your own account")

    let service: TestService
    let john: String
    let admin: String

    init() async throws {
        service = try await TestService()
        john = try await service.logIn().access
        admin = try await service.logIn("admin@example.com").access
    }

    @Test func `only an administrator sees all accounts`() async throws {
        try await service.accounts.setDisabled(
            true, of: "john@example.com", by: .operator, now: Timestamp(seconds: 2))

        let reply = await service.call("GET", "/api/users", token: admin)

        #expect(reply.status == 200)
        #expect(
            reply.text == """
                [{"id":1,"username":"john@example.com","role":"user","disabled":true,\
                "created":"1970-01-01T00:00:01.000Z"},\
                {"id":2,"username":"admin@example.com","role":"admin","disabled":false,\
                "created":"1970-01-01T00:00:01.000Z"}]
                """)
        #expect(await service.call("GET", "/api/users").status == 401)
    }

    @Test func `accounts are listed in pages`() async throws {
        var target: Substring? = "/api/users?limit=1"
        var ids: [Substring] = []
        while let page = target {
            let reply = await service.call("GET", String(page), token: admin)
            ids += reply.text.split(separator: #"{"id":"#).dropFirst().map { $0.prefix(1) }
            target = reply.link.flatMap { $0.split(separator: ">").first?.dropFirst() }
            if let target { #expect(target == "/api/users?limit=1&after=1") }
        }

        #expect(ids == ["1", "2"])
        #expect(await service.call("GET", "/api/users?after=2", token: admin).text == "[]")
    }

    @Test(arguments: [
        ("limit=0", #""limit" must be greater than or equal to 1"#),
        ("limit=1001", #""limit" must be less than or equal to 1000"#),
        ("after=x", #""after" must be a number"#),
        ("after=-1", #""after" must be greater than or equal to 0"#),
    ])
    func `an invalid query is refused with a reason`(query: String, words: String) async {
        let reply = await service.call("GET", "/api/users?\(query)", token: admin)

        #expect(reply.status == 400)
        #expect(reply.text.contains(words.replacing("\"", with: #"\""#)), "\(reply.text)")
    }

    @Test func `a role can be changed, and a lower role ends the sessions of the account`()
        async throws
    {
        #expect(await change(1, #"{"role":"admin"}"#).status == 204)
        #expect(await service.call("GET", "/api/users", token: john).status == 200)

        let less = await change(1, #"{"role":"user"}"#)

        #expect((less.status, less.text) == (204, ""))
        #expect(await service.call("GET", "/api/auth/me", token: john).status == 403)
        #expect(
            try await events() == [
                "role-changed by admin at 192.0.2.7: user to admin, by account 2",
                "role-changed by admin at 192.0.2.7: admin to user, by account 2",
                "session-ended by admin at 192.0.2.7: role-changed",
            ])
    }

    @Test func `an account can be disabled and enabled again`() async throws {
        #expect(await change(1, #"{"disabled":true}"#).status == 204)
        #expect(await service.call("GET", "/api/auth/me", token: john).status == 403)
        #expect(try await service.accounts.list()[0].isDisabled)
        #expect(await change(1, #"{"disabled":"false","role":"user"}"#).status == 204)
        #expect(await change(1, "{}").status == 204)

        #expect(try await service.accounts.list()[0].isDisabled == false)
        #expect(try await service.logIn().access != "")
        #expect(
            try await events() == [
                "disabled by admin at 192.0.2.7: by account 2",
                "session-ended by admin at 192.0.2.7: disabled",
                "enabled by admin at 192.0.2.7: by account 2",
            ])
    }

    @Test(arguments: [
        #"{"role":"user"}"#, #"{"disabled":true}"#, #"{"role":"admin","disabled":true}"#,
        #"{"role":"user","disabled":false}"#,
    ])
    func `administrators cannot demote or disable themselves`(body: String) async throws {
        // The first use of an access token is stored.
        _ = await service.call("GET", "/api/auth/me", token: admin)
        let before = try service.dump()

        let reply = await change(2, body)

        #expect(reply.text == Self.own)
        #expect(try Set(service.dump()).symmetricDifference(before) == [])
        #expect(try await events() == [])
        #expect(await service.call("GET", "/api/users", token: admin).status == 200)
        #expect(await change(2, #"{"role":"admin","disabled":false}"#).status == 204)
    }

    @Test func `of two administrators who disable each other, one stays enabled`() async throws {
        #expect(await change(1, #"{"role":"admin"}"#).status == 204)

        async let first = change(1, #"{"disabled":true}"#)
        async let second = service.call(
            "PUT", "/api/users/2", token: john, json: #"{"role":"user"}"#)

        #expect(await [first.status, second.status].sorted() == [204, 403])
        let accounts = try await service.accounts.list()
        #expect(accounts.count { $0.role == .admin && !$0.isDisabled } == 1)
    }

    @Test(arguments: [
        (#"{"role":"root"}"#, #"\"role\" must be one of [user, admin]"#),
        (#"{"role":""}"#, #"\"role\" must be one of [user, admin]"#),
        (#"{"role":"Admin"}"#, #"\"role\" must be one of [user, admin]"#),
        (#"{"role":true}"#, #"\"role\" must be a string"#),
        (#"{"disabled":1}"#, #"\"disabled\" must be a boolean"#),
        (#"{"disabled":"yes"}"#, #"\"disabled\" must be a boolean"#),
        (#"{"disabled":null}"#, #"\"disabled\" must be a boolean"#),
        (#"{"role":"user","id":1}"#, #"\"id\" is not allowed"#),
        ("[]", #"\"value\" must be of type object"#),
    ])
    func `an invalid change is refused and changes nothing`(body: String, words: String)
        async throws
    {
        // The first use of an access token is stored.
        _ = await service.call("GET", "/api/auth/me", token: admin)
        let before = try service.dump()

        let reply = await change(1, body)

        #expect(reply.status == 400 && reply.text.contains(words), "\(reply.text)")
        #expect(try service.dump() == before)
    }

    @Test(arguments: ["0", "3", "01", "x", "-1", "9223372036854775808"])
    func `an account with an invalid number is not found`(id: String) async throws {
        let reply = await service.call(
            "PUT", "/api/users/\(id)", token: admin, json: #"{"disabled":true}"#)

        #expect(reply.text == Self.notFound)
    }

    private func change(_ id: Account.ID, _ json: String) async -> Reply {
        await service.call(
            "PUT", "/api/users/\(id)", token: admin, json: json,
            parameters: ["REMOTE_ADDR": "192.0.2.7"])
    }

    /// The events that administrators caused.
    private func events() async throws -> [String] {
        try await service.accounts.events(Event.Filter(limit: 100))
            .filter { $0.actor == .admin }
            .map { "\($0.kind.rawValue) by \($0.actor.rawValue) at \($0.address): \($0.detail)" }
    }
}

import HTTPTypes
import Identity
import Testing
import Threads

@testable import API

struct PasswordTests {
    private static let weak = [
        "Password must be at least 8 characters long",
        """
        Password must contain at least 1 uppercase letter, 1 lowercase letter, 1 number, and \
        1 special character (@$!%*?&)
        """,
    ]

    @Test(arguments: [
        ("{}", [#"\"currentPassword\" is required"#, #"\"newPassword\" is required"#]),
        (
            #"{"currentPassword":"","newPassword":""}"#,
            [
                #"\"currentPassword\" is not allowed to be empty"#,
                #"\"newPassword\" is not allowed to be empty"#,
            ]
        ),
        (
            #"{"currentPassword":1,"newPassword":null}"#,
            [
                #"\"currentPassword\" must be a string"#, #"\"newPassword\" must be a string"#,
            ]
        ),
        (#"{"currentPassword":"x","newPassword":"short"}"#, weak),
        (
            #"{"currentPassword":"\#(String(repeating: "x", count: 71))","newPassword":"Passw0rd!"}"#,
            [
                #"\"currentPassword\" length must be less than or equal to 70 characters long"#
            ]
        ),
        (
            #"{"currentPassword":"x","newPassword":"Passw0rd!","password":"x"}"#,
            [#"\"password\" is not allowed"#]
        ),
        ("[]", [#"\"value\" must be of type object"#]),
    ])
    func `every violation of the fields is reported`(json: String, errors: [String]) async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()

        let reply = await service.call(
            "POST", "/api/auth/password", token: tokens.access, json: json)

        let list = errors.map { "\"\($0)\"" }.joined(separator: ",")
        #expect(
            reply.text
                == #"{"statusCode":400,"message":"Validation failed","errors":[\#(list)]}"#)
    }

    @Test func `a password change begins a new session and ends all others`() async throws {
        let service = try await TestService()
        let phone = try await service.logIn()
        let here = try await service.logIn()
        let stranger = try await service.logIn("admin@example.com")

        let reply = await service.changePassword(
            from: TestService.password, to: "An0ther!!", by: here)

        #expect(reply.status == 200)
        #expect(reply.text.hasPrefix(#"{"statusCode":200,"message":"Password is changed","#))
        #expect(reply.fields[values: .setCookie].count == 2)
        let new = try reply.tokens
        #expect(reply.fields[values: .setCookie][0].contains(new.access))
        #expect(reply.fields[values: .setCookie][1].contains(new.refresh))
        for old in [phone, here] {
            #expect(await service.call("GET", "/api/auth/me", token: old.access).status == 403)
            #expect(await service.refresh(cookie: old.refresh).status == 400)
        }
        #expect(await service.call("GET", "/api/auth/me", token: new.access).status == 200)
        #expect(await service.refresh(cookie: new.refresh).status == 200)
        #expect(await service.call("GET", "/api/auth/me", token: stranger.access).status == 200)
        #expect(await service.logIn(with: TestService.password).status == 401)
        #expect(await service.logIn(with: "An0ther!!").status == 200)
    }

    @Test func `setting the same password again works like any change`() async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()

        let reply = await service.changePassword(
            from: TestService.password, to: TestService.password, by: tokens)

        #expect(
            reply.text == """
                {"statusCode":400,"message":"Validation failed","errors":\
                ["New password must differ from the current one"]}
                """)
    }

    @Test(arguments: [true, false])
    func `a client that guesses must wait, even with the right password`(isLogin: Bool) async throws
    {
        let service = try await TestService()
        let tokens = try await service.logIn()
        func attempt(_ password: String) async -> Reply {
            isLogin
                ? await service.logIn(with: password)
                : await service.changePassword(from: password, to: "An0ther!!", by: tokens)
        }

        var replies: [Reply] = []
        while replies.count < 100, replies.last?.status != 429 {
            replies.append(await attempt("Passw0rd?"))
        }
        let right = await attempt(TestService.password)
        service.now.withLock { $0.milliseconds += 1_000 }
        let later = await attempt(TestService.password)

        for reply in replies.dropLast() { #expect(reply.status == (isLogin ? 401 : 400)) }
        #expect(right.text == Reply.error(429, "Too many requests"))
        #expect(right.fields[.retryAfter] == "1")
        #expect(later.status == 200)
    }

    @Test func `a wrong current password changes nothing`() async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()

        let reply = await service.changePassword(from: "Passw0rd?", to: "An0ther!!", by: tokens)

        #expect(reply.text == Reply.error(400, "Current password is incorrect"))
        #expect(await service.logIn(with: "An0ther!!").status == 401)
        #expect(await service.logIn(with: TestService.password).status == 200)
    }
}

extension TestService {
    fileprivate func changePassword(
        from current: String, to new: String, by tokens: (access: String, refresh: String)
    ) async -> Reply {
        await call(
            "POST", "/api/auth/password", token: tokens.access,
            json: #"{"currentPassword":"\#(current)","newPassword":"\#(new)"}"#)
    }

    fileprivate func logIn(with password: String) async -> Reply {
        await call(
            "POST", "/api/auth/login",
            json: #"{"username":"john@example.com","password":"\#(password)"}"#)
    }
}

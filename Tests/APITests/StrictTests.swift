import HTTPTypes
import Testing

@testable import API

/// The effects of `GATEHOUSE_STRICT`, with nothing of the other mode left.
struct StrictTests {
    private static let noToken = Reply.error(401, "Access token required")

    @Test func `tokens are in cookies with strict names and not in the body`() async throws {
        let service = try await TestService(isStrict: true)

        let login = await service.logInStrictly()
        let refresh = await service.call(
            "POST", "/api/auth/refresh",
            cookie: "__Secure-refreshToken=\(login.cookie("__Secure-refreshToken"))")

        for reply in [login, refresh] {
            #expect(reply.status == 200)
            #expect(reply.text == "{}")
            let cookies = reply.fields[values: .setCookie]
            try #require(cookies.count >= 2)
            #expect(cookies[0].hasPrefix("__Host-accessToken=eyJ"))
            #expect(cookies[0].contains("; Path=/; "))
            #expect(cookies[1].hasPrefix("__Secure-refreshToken=eyJ"))
            #expect(cookies[1].contains("; Path=/api/auth/refresh; "))
            for cookie in cookies {
                #expect(cookie.hasSuffix("; HttpOnly; Secure; SameSite=Strict"))
                #expect(!cookie.contains("Domain"))
            }
        }
        #expect(!login.cookie("__Secure-device").isEmpty)
        #expect(refresh.fields[values: .setCookie].count == 2)
    }

    @Test func `a route accepts the access token only from its cookie`()
        async throws
    {
        let service = try await TestService(isStrict: true)
        let token = await service.logInStrictly().cookie("__Host-accessToken")

        for route in service.service.routes where !route.isOpen {
            let target = route.path + (route.hasID ? "0" : "")
            let bearer = await service.call(route.method, target, token: token, json: "{}")
            let other = await service.call(
                route.method, target, cookie: "accessToken=\(token)", json: "{}")
            #expect(bearer.text == Self.noToken)
            #expect(other.text == Self.noToken)
        }
        #expect(
            await service.call("GET", "/api/auth/me", cookie: "__Host-accessToken=\(token)").text
                == #"{"username":"john@example.com","role":"user"}"#)
    }

    @Test(arguments: ["/api/auth/refresh", "/api/auth/refresh/logout"])
    func `a refresh token is accepted neither from a body nor from the other cookie`(path: String)
        async throws
    {
        let service = try await TestService(isStrict: true)
        let token = await service.logInStrictly().cookie("__Secure-refreshToken")

        let body = await service.call("POST", path, json: #"{"refreshToken":"\#(token)"}"#)
        let other = await service.call("POST", path, cookie: "refreshToken=\(token)")
        let own = await service.call("POST", path, cookie: "__Secure-refreshToken=\(token)")

        #expect(body.text == Reply.error(401, "refreshToken is not provided"))
        #expect(other.text == body.text)
        #expect(own.status == 200)
    }

    @Test func `without strict mode, the strict names are ignored`() async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()

        let me = await service.call(
            "GET", "/api/auth/me", cookie: "__Host-accessToken=\(tokens.access)")
        let refresh = await service.call(
            "POST", "/api/auth/refresh", cookie: "__Secure-refreshToken=\(tokens.refresh)")

        #expect(me.text == Self.noToken)
        #expect(refresh.text == Reply.error(401, "refreshToken is not provided"))
    }

    @Test func `a logout clears the cookies that were set`() async throws {
        let service = try await TestService(isStrict: true)
        let token = await service.logInStrictly().cookie("__Host-accessToken")

        let reply = await service.call(
            "POST", "/api/auth/logout", cookie: "__Host-accessToken=\(token)")

        let names = reply.fields[values: .setCookie].map { String($0.prefix { $0 != ";" }) }
        #expect(names == ["__Host-accessToken=", "__Secure-refreshToken="])
    }

    @Test(arguments: ["__Host-accessToken", "__Secure-refreshToken"])
    func `a page of another origin cannot use either cookie`(name: String) async throws {
        let service = try await TestService(isStrict: true)
        let token = await service.logInStrictly().cookie(name)

        let reply = await service.call(
            "POST", name.hasPrefix("__Host") ? "/api/auth/logout" : "/api/auth/refresh",
            cookie: "\(name)=\(token)", parameters: ["HTTP_SEC_FETCH_SITE": "same-site"])

        #expect(reply.text == Reply.error(403, "Cross-origin request refused"))
    }

    @Test func `the tabs of a browser share a token in the strict cookie`() async throws {
        let service = try await TestService(isStrict: true)
        let name = "__Secure-refreshToken"
        let token = await service.logInStrictly().cookie(name)
        func refresh() async -> Reply {
            await service.call(
                "POST", "/api/auth/refresh", cookie: "\(name)=\(token)",
                parameters: ["HTTP_SEC_FETCH_SITE": "same-origin"])
        }

        let one = await refresh()
        let other = await refresh()

        #expect(other.status == 200)
        #expect(one.cookie(name) == other.cookie(name))
    }

    @Test func `a new password has the minimum length and fits in the hash`()
        async throws
    {
        let service = try await TestService(isStrict: true)
        let longest = String(repeating: "x", count: 72)

        let short = await service.signUp("short@example.com", "Passw0rd!Passw")
        let tooLong = await service.signUp("long@example.com", longest + "x")
        let added = await service.signUp("jane@example.com", longest)
        let login = await service.logInStrictly("jane@example.com", longest)

        #expect(short.text.contains(#"["Password must be at least 15 characters long"]"#))
        #expect(tooLong.text.contains(#"["Password must not exceed 72 bytes"]"#))
        #expect(added.status == 201)
        #expect(login.status == 200)
    }

    @Test func `a changed password must follow the rule, the current one need not`() async throws {
        let service = try await TestService(isStrict: true)
        let token = await service.logInStrictly().cookie("__Host-accessToken")
        func change(to new: String) async -> Reply {
            await service.call(
                "POST", "/api/auth/password", cookie: "__Host-accessToken=\(token)",
                json: #"{"currentPassword":"\#(TestService.password)","newPassword":"\#(new)"}"#)
        }

        let short = await change(to: "An0ther!!")
        let long = await change(to: "fifteen letters")

        #expect(short.text.contains(#"["Password must be at least 15 characters long"]"#))
        #expect(long.text == Reply.error(200, "Password is changed"))
        #expect(!long.cookie("__Host-accessToken").isEmpty)
        #expect(!long.cookie("__Secure-refreshToken").isEmpty)
    }

    @Test(arguments: [
        (false, #"{"password":{"minimum":8,"maximum":70,"mixed":true}}"#),
        (true, #"{"password":{"minimum":15,"maximum":72,"mixed":false}}"#),
    ])
    func `a page can read the password rules`(isStrict: Bool, expected: String) async throws {
        let service = try await TestService(isStrict: isStrict)

        #expect(await service.call("GET", "/api/auth/rules").text == expected)
    }
}

extension TestService {
    fileprivate func logInStrictly(
        _ username: String = "john@example.com", _ password: String = TestService.password
    ) async -> Reply {
        await call(
            "POST", "/api/auth/login",
            json: #"{"username":"\#(username)","password":"\#(password)"}"#)
    }

    fileprivate func signUp(_ email: String, _ password: String) async -> Reply {
        await call(
            "POST", "/api/auth/signup",
            json: #"{"email":"\#(email)","password":"\#(password)"}"#)
    }
}

extension Reply {
    /// The value of a cookie that the response sets; empty if it does not set one with this name.
    fileprivate func cookie(_ name: String) -> String {
        let own = fields[values: .setCookie].first { $0.hasPrefix("\(name)=") }
        return own.map { String($0.dropFirst(name.count + 1).prefix { $0 != ";" }) } ?? ""
    }
}

import FastCGI
import HTTPTypes
import Testing

@testable import API

struct CrossOriginProtectionTests {
    private static let refused = Reply.error(403, "Cross-origin request refused")

    /// The rows of Go's own tests for a site at `https://example.com`, and more.
    @Test(arguments: [
        ("same-origin", "", true), ("none", "", true), ("cross-site", "", false),
        ("same-site", "", false), ("", "", true), ("", "https://example.com", true),
        ("", "https://attacker.example", false), ("", "null", false),
        ("", TestService.allowedOrigin, true), ("cross-site", TestService.allowedOrigin, true),
        ("cross-site", "https://attacker.example", false),

        ("same-site", TestService.allowedOrigin, true), ("same-site", "null", false),
        ("same-origin", "https://attacker.example", true), ("none", "null", true),
        ("cross-site", "https://example.com", false), ("Same-Origin", "", false),
        ("same-origin, cross-site", "", false), ("a later word", "", false),
        ("", "http://example.com", false), ("", "https://example.com:443", false),
        ("", "https://example.com/", false), ("", "https://example.com.", false),
        ("", "https://EXAMPLE.com", false), ("", "https://a.example.com", false),
        ("", "example.com", false), ("", "https://", false), ("", "https://example.co", false),
        ("", TestService.allowedOrigin + ".attacker.example", false),
        ("", "https://app.example.co", false),
    ])
    func `a page of another origin cannot use our cookie`(
        site: String, origin: String, isAllowed: Bool
    ) async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()

        let reply = await service.call(
            "POST", "/api/auth/logout", cookie: "accessToken=\(tokens.access)",
            parameters: [
                "HTTPS": "on", "HTTP_HOST": "example.com", "HTTP_SEC_FETCH_SITE": site,
                "HTTP_ORIGIN": origin,
            ])

        #expect(reply.status == (isAllowed ? 200 : 403))
        if !isAllowed { #expect(reply.text == Self.refused) }
        let after = await service.call("GET", "/api/auth/me", token: tokens.access)
        #expect(after.status == (isAllowed ? 403 : 200))
    }

    @Test(arguments: [
        ("https://example.com:8443", "example.com:8443", "on", true),
        ("https://example.com:8443", "example.com", "on", false),
        ("https://[::1]:8443", "[::1]:8443", "on", true),
        // A proxy in front of nginx may terminate TLS.
        ("https://example.com", "example.com", "", true),
        ("http://localhost:8080", "localhost:8080", "", true),
        ("https://", "", "on", false),
    ])
    func `our own origin has the host of the request`(
        origin: String, host: String, https: String, isAllowed: Bool
    ) async throws {
        let reply = await (try TestService()).call(
            "POST", "/api/auth/logout", cookie: "accessToken=x",
            parameters: ["HTTPS": https, "HTTP_HOST": host, "HTTP_ORIGIN": origin])

        #expect(
            reply.text
                == (isAllowed ? Reply.error(403, "Invalid or expired token") : Self.refused))
    }

    @Test(arguments: ["accessToken=x", "refreshToken=x", "a=b; refreshToken=x"])
    func `each route except GET is protected, before the caller is identified`(
        cookie: String
    ) async throws {
        let service = try await TestService()
        for route in service.service.routes {
            let reply = await service.call(
                route.method, route.path + (route.hasID ? "1" : ""), cookie: cookie,
                parameters: ["HTTP_SEC_FETCH_SITE": "cross-site"])

            #expect((reply.text == Self.refused) == (route.method != "GET"), "\(route)")
        }
        let head = await service.call(
            "HEAD", "/api/people", cookie: cookie,
            parameters: ["HTTP_SEC_FETCH_SITE": "cross-site"])
        #expect(head.text != Self.refused)
    }

    @Test(arguments: ["", "accessToken=; refreshToken=", "other=x", "XaccessToken=x"])
    func `a request without one of our cookies is accepted`(cookie: String) async throws {
        let service = try await TestService()
        let tokens = try await service.logIn()

        let reply = await service.call(
            "POST", "/api/auth/logout", token: tokens.access, cookie: cookie,
            parameters: ["HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "null"])

        #expect(reply.status == 200)
    }

    /// Whether the body is a form, `Sec-Fetch-Site`, `Origin`, and whether the request is accepted.
    private static let openRequests: [(Bool, String, String, Bool)] = [
        (false, "cross-site", "https://attacker.example", false), (false, "same-site", "", false),
        (false, "cross-site", TestService.allowedOrigin, true),
        (false, "same-origin", "https://example.com", true), (false, "", "", true),
        // A browser that sends no `Sec-Fetch-Site` sends JSON only if nginx allows the origin.
        (false, "", "https://attacker.example", true),
        (true, "cross-site", "https://attacker.example", false), (true, "same-site", "", false),
        (true, "", "https://attacker.example", false), (true, "", "null", false),
        (true, "", TestService.allowedOrigin, true), (true, "", "https://example.com", true),
        (true, "same-origin", "https://example.com", true), (true, "", "", true),
    ]

    @Test(arguments: openRequests)
    func `a page of another origin cannot log a user in or out, nor sign one up`(
        isForm: Bool, site: String, origin: String, isAccepted: Bool
    ) async throws {
        let service = try await TestService()
        let token = try await service.logIn().refresh
        let requests = [
            ("login", [("username", "john@example.com"), ("password", TestService.password)]),
            ("signup", [("email", "new@example.com"), ("password", TestService.password)]),
            ("refresh", [("refreshToken", token)]), ("refresh/logout", [("refreshToken", token)]),
        ]
        for (path, fields) in requests {
            let before = try service.dump()

            let reply = await service.post(
                fields, isForm: isForm, to: "/api/auth/\(path)",
                parameters: [
                    "HTTPS": "on", "HTTP_HOST": "example.com", "HTTP_SEC_FETCH_SITE": site,
                    "HTTP_ORIGIN": origin,
                ])

            if isAccepted {
                #expect(reply.status < 300, "\(path)")
            } else {
                #expect(reply.text == Self.refused, "\(path)")
                #expect(reply.fields[values: .setCookie].isEmpty)
                #expect(try service.dump() == before)
            }
        }
    }

    @Test(arguments: [
        "application/x-www-form-urlencoded; charset=utf-8", "APPLICATION/X-WWW-FORM-URLENCODED",
        "application/x-www-form-urlencoded;",
    ])
    func `a form is recognized however its type is written`(type: String) async throws {
        let reply = await (try TestService()).call(
            "POST", "/api/auth/login",
            parameters: ["CONTENT_TYPE": type, "HTTP_ORIGIN": "https://attacker.example"])

        #expect(reply.text == Self.refused)
    }
}

extension TestService {
    fileprivate func post(
        _ fields: [(String, String)], isForm: Bool, to target: String,
        parameters: KeyValuePairs<String, String>
    ) async -> Reply {
        let members = fields.map { #""\#($0)":"\#($1)""# }.joined(separator: ",")
        let pairs = fields.map { "\($0)=\($1)" }.joined(separator: "&")
        var all = FastCGIParameters(parameters)
        all.append("REQUEST_METHOD", "POST")
        all.append("REQUEST_URI", target)
        all.append(
            "CONTENT_TYPE", isForm ? "application/x-www-form-urlencoded" : "application/json")
        let response = await service.respond(
            to: FastCGIRequest(
                parameters: all, body: Array((isForm ? pairs : "{\(members)}").utf8)))
        return Reply(
            status: response.head.status.code, text: String(decoding: response.body, as: UTF8.self),
            fields: response.head.headerFields)
    }
}

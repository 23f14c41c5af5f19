import Directory
import FastCGI
import HTTPTypes
import Identity
import Testing

@testable import API

/// Text that is expensive to normalize: a request with it must not cost more than one without.
struct CombiningMarksTests {
    /// Half of the marks are not in canonical order; sorting them takes quadratic time.
    private static let marks =
        String(repeating: "\u{301}", count: 2000) + String(repeating: "\u{323}", count: 2000)
    /// The same number of bytes, of text that is in every normalization form.
    private static let letters = String(repeating: "\u{E9}", count: 4000)

    @Test(arguments: ["/", "/a", "/api/auth/m", "/api/people/", "/api/people/1"])
    func `in a path`(start: String) async throws {
        let service = try await TestService()
        expectAlike { text in
            var parameters = FastCGIParameters()
            parameters.append("REQUEST_METHOD", "GET")
            parameters.append("REQUEST_URI", start + text)
            _ = try? Route.match(
                FastCGIRequest(parameters: parameters, body: []), in: service.service.routes)
        }
    }

    @Test(arguments: ["", "b", "Bearer ", "Bearer x", "Bearer x y"])
    func `in an Authorization field`(start: String) {
        expectAlike { text in
            var parameters = FastCGIParameters()
            parameters.append("HTTP_AUTHORIZATION", start + text)
            let request = FastCGIRequest(parameters: parameters, body: [])
            _ =
                RequestContext(
                    request: request, body: .fields([]), id: nil, now: Timestamp(seconds: 0),
                    cookies: .contract
                ).bearerToken
        }
    }

    @Test(arguments: [
        ("application/json; charset=\"utf-", ""), ("application/json; charset=\"u", ""),
        ("application/x-www-form-urlencoded; charset=\"i", ""), ("application/json", "g"),
    ])
    func `in the fields that describe a body`(type: String, coding: String) {
        expectAlike { text in
            let type = type.contains("\"") ? type + text + "\"" : type
            let coding = coding.isEmpty ? nil : coding + text
            _ = try? RequestBody(Array("{}".utf8), contentType: type, contentEncoding: coding)
        }
    }

    @Test(arguments: ["?", "?all", "?all=", "?all=true&"])
    func `in a query`(start: String) {
        expectAlike { text in
            let request = FastCGIRequest(
                parameters: FastCGIParameters(["REQUEST_URI": "/\(start)\(text)"]), body: [])
            var query = Query(of: request)
            _ = query.flag("all")
            _ = query.number("all", in: 1...2)
            _ = query.text("all").map { PeopleQuery(prefix: $0, after: $0, limit: 1) }
        }
    }

    @Test func `in the fields that name the origin of a request`() async throws {
        let service = try await TestService()
        for site in ["", "same-", "cross-site"] {
            expectAlike { text in
                let request = FastCGIRequest(
                    parameters: FastCGIParameters([
                        "HTTP_HOST": "a\(text)", "HTTP_ORIGIN": "https://b\(text)",
                        "HTTP_SEC_FETCH_SITE": site.isEmpty ? "" : site + text,
                        "HTTP_COOKIE": "accessToken=x", "HTTP_USER_AGENT": text,
                    ]), body: [])
                let call = RequestContext(
                    request: request, body: .fields([]), id: nil, now: Timestamp(seconds: 0),
                    cookies: .contract)
                let protection = CrossOriginProtection(allowedOrigins: ["https://b\(text)c"])
                for route in service.service.routes { try? protection.check(call, on: route) }
                _ = call.client
            }
        }
    }

    @Test(arguments: [0, 20])
    func `in a JSON body`(others: Int) {
        let more = (0..<others).map { #","\#($0)a":1"# }.joined()
        expectAlike { text in
            read(#"{"u\#(text)":"p\#(text)"\#(more)}"#, as: "application/json")
        }
    }

    @Test func `in a form`() {
        expectAlike { text in
            read("u\(text)=p\(text)&u\(text)=", as: "application/x-www-form-urlencoded")
        }
    }

    private func read(_ text: String, as type: String) {
        guard
            let body = try? RequestBody(
                Array(text.utf8), contentType: type, contentEncoding: nil)
        else { return }
        var validation = Validation(of: body)
        _ = validation.required("username", rules: { _ in [] })
        _ = validation.required("password", rules: { _ in [] })
        try? validation.finish()
    }

    private func expectAlike(_ body: (String) -> Void) {
        body(Self.letters)
        let usual = processorTime { body(Self.letters) }
        let marked = processorTime { body(Self.marks) }
        #expect(marked < 5 * usual + 3, "milliseconds, marks: \(marked), letters: \(usual)")
    }
}

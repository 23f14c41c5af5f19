import FastCGI
import HTTPTypes
import Identity
import JSON

/// An answer of the contract: a status, JSON or nothing, and sometimes cookies.
struct Response: Sendable {
    var status: HTTPResponse.Status
    var json: [UInt8]?
    var cookies: [String] = []
    var fields: HTTPFields = [:]

    /// An answer without content.
    init(_ status: HTTPResponse.Status) { self.status = status }

    /// An answer with content.
    init(_ status: HTTPResponse.Status, _ json: JSONWriter) {
        self.status = status
        self.json = json.bytes
    }

    /// The contract's `{"statusCode","message"}`, with `errors` where there are some.
    static func message(
        _ status: HTTPResponse.Status, _ message: String, errors: [String] = []
    ) -> Response {
        var json = JSONWriter(capacity: 256)
        json.append(#"{"statusCode":"#)
        json.append(number: Int64(status.code))
        json.append(#","message":"#)
        json.append(string: message)
        for (index, error) in errors.enumerated() {
            json.append(index == 0 ? #","errors":["# : ",")
            json.append(string: error)
        }
        json.append(errors.isEmpty ? "}" : "]}")
        return Response(status, json)
    }

    /// Both tokens as cookies, save what the request has shown, and, by the contract, in the body.
    static func tokens(
        _ tokens: IssuedTokens, in cookies: Cookies, for shown: String? = nil, at now: Timestamp
    ) -> Response {
        var json = JSONWriter(capacity: 1024)
        switch cookies {
        case .contract:
            json.append(#"{"accessToken":"#)
            json.append(string: tokens.accessToken)
            json.append(#","refreshToken":"#)
            json.append(string: tokens.refreshToken)
            json.append("}")
        case .strict:
            json.append("{}")
        }
        var answer = Response(.ok, json)
        answer.cookies = cookies.set(tokens, for: shown, at: now)
        return answer
    }

    /// A session has ended, and its cookies with it.
    static func loggedOut(clearing cookies: Cookies) -> Response {
        var answer = Response.message(.ok, "You are successfully logged out")
        answer.cookies = cookies.cleared
        return answer
    }

    /// The answer as it goes to the web server.
    var response: FastCGIResponse {
        // Most answers have these fields and no other, made once.
        var all = json == nil ? noContentFields : jsonFields
        for field in fields { all.append(field) }
        for cookie in cookies { all.append(HTTPField(name: .setCookie, value: cookie)) }
        return FastCGIResponse(
            head: HTTPResponse(status: status, headerFields: all), body: json ?? [])
    }
}

// RFC 6749, section 5.1, asks it of tokens; people's data belong in no cache either.
private let noContentFields: HTTPFields = [.cacheControl: "no-store"]
private let jsonFields: HTTPFields = [
    .cacheControl: "no-store", .contentType: "application/json; charset=utf-8",
]

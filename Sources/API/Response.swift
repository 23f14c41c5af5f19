import FastCGI
import HTTPTypes
import Identity
import JSON

/// A response of the contract: a status, JSON or no content, and sometimes cookies.
struct Response: Sendable {
    var status: HTTPResponse.Status
    var json: [UInt8]?
    var cookies: [String] = []
    var fields: HTTPFields = [:]

    /// Makes a response without content.
    init(_ status: HTTPResponse.Status) { self.status = status }

    /// Makes a response with content.
    init(_ status: HTTPResponse.Status, _ json: JSONWriter) {
        self.status = status
        self.json = json.bytes
    }

    /// The contract's `{"statusCode","message"}`, with `errors` unless there are none.
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

    /// Tokens as cookies, except the one that the request presented, and, unless in strict mode,
    /// both in the body.
    static func tokens(
        _ tokens: IssuedTokens, in cookies: Cookies, for presented: String? = nil, at now: Timestamp
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
        var response = Response(.ok, json)
        response.cookies = cookies.set(tokens, for: presented, at: now)
        return response
    }

    /// The response to a logout, which removes the cookies.
    static func loggedOut(clearing cookies: Cookies) -> Response {
        var response = Response.message(.ok, "You are successfully logged out")
        response.cookies = cookies.cleared
        return response
    }

    /// The response in the form that is sent to the web server.
    var fastCGIResponse: FastCGIResponse {
        // Most responses have only these fields, which are made once.
        var all = json == nil ? noContentFields : jsonFields
        for field in fields { all.append(field) }
        for cookie in cookies { all.append(HTTPField(name: .setCookie, value: cookie)) }
        return FastCGIResponse(
            head: HTTPResponse(status: status, headerFields: all), body: json ?? [])
    }
}

// RFC 6749, section 5.1, requires it for tokens; a cache must not store people's data either.
private let noContentFields: HTTPFields = [.cacheControl: "no-store"]
private let jsonFields: HTTPFields = [
    .cacheControl: "no-store", .contentType: "application/json; charset=utf-8",
]

import FastCGI
import HTTPTypes
import Identity
import JSON

/// A response of the API: a status, optional JSON content, cookies, and other header fields.
struct Response: Sendable {
    var status: HTTPResponse.Status
    var json: [UInt8]?
    /// The content after `json`, produced while the response is sent; `nil` if nothing follows.
    var rest: RemainingContent?
    var cookies: [String] = []
    var fields: HTTPFields = [:]

    /// Makes a response without content.
    init(_ status: HTTPResponse.Status) { self.status = status }

    /// Makes a response with JSON content.
    init(_ status: HTTPResponse.Status, _ json: JSONWriter, rest: RemainingContent? = nil) {
        self.status = status
        self.json = json.bytes
        self.rest = rest
    }

    /// A response with the content `{"statusCode":…,"message":…}`, and with `errors` if there are
    /// any.
    ///
    /// This is the form of the HTTP contract, the recorded API of the Express backend.
    static func message(
        _ status: HTTPResponse.Status, _ message: String, errors: [String] = []
    ) -> Response {
        var json = JSONWriter(capacity: 256)
        json.append(message, status)
        for (index, error) in errors.enumerated() {
            json.append(index == 0 ? #","errors":["# : ",")
            json.append(string: error)
        }
        json.append(errors.isEmpty ? "}" : "]}")
        return Response(status, json)
    }

    /// A response that sets tokens as cookies and, unless `GATEHOUSE_STRICT` is on, also has the
    /// tokens in the body.
    ///
    /// If the refresh token is the one that the request presented (`presented`), its cookie is not
    /// set again.
    static func tokens(
        _ tokens: IssuedTokens, in cookies: Cookies, for presented: String? = nil, at now: Timestamp
    ) -> Response {
        var json = JSONWriter(capacity: 1024)
        switch cookies {
        case .contract:
            json.append("{")
            json.append(tokens)
            json.append("}")
        case .strict:
            json.append("{}")
        }
        var response = Response(.ok, json)
        response.cookies = cookies.set(tokens, for: presented, at: now)
        return response
    }

    /// A response that has a message, sets tokens as cookies and, unless `GATEHOUSE_STRICT` is on,
    /// also has the tokens in the body.
    static func message(
        _ status: HTTPResponse.Status, _ message: String, with tokens: IssuedTokens,
        in cookies: Cookies, at now: Timestamp
    ) -> Response {
        var json = JSONWriter(capacity: 1024)
        json.append(message, status)
        if cookies != .strict {
            json.append(",")
            json.append(tokens)
        }
        json.append("}")
        var response = Response(status, json)
        response.cookies = cookies.set(tokens, at: now)
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
        // Start with constant fields, because most responses have no other fields.
        var all = json == nil ? noContentFields : jsonFields
        for field in fields { all.append(field) }
        for cookie in cookies { all.append(HTTPField(name: .setCookie, value: cookie)) }
        return FastCGIResponse(
            head: HTTPResponse(status: status, headerFields: all), body: json ?? [],
            rest: rest)
    }
}

extension JSONWriter {
    /// Writes the beginning of an object, with the two members that every message has.
    fileprivate mutating func append(_ message: String, _ status: HTTPResponse.Status) {
        append(#"{"statusCode":"#)
        append(number: Int64(status.code))
        append(#","message":"#)
        append(string: message)
    }

    /// Writes the members for both tokens.
    fileprivate mutating func append(_ tokens: IssuedTokens) {
        append(#""accessToken":"#)
        append(string: tokens.accessToken)
        append(#","refreshToken":"#)
        append(string: tokens.refreshToken)
    }
}

// RFC 6749, section 5.1, requires `no-store` for responses with tokens. All other responses have it
// too, because a cache must not store people's data.
private let noContentFields: HTTPFields = [.cacheControl: "no-store"]
private let jsonFields: HTTPFields = [
    .cacheControl: "no-store", .contentType: "application/json; charset=utf-8",
]

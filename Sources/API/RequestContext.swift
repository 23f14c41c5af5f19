import FastCGI
import HTTPTypes
import Identity

/// What an endpoint is called with.
struct RequestContext: Sendable {
    let request: FastCGIRequest
    let body: RequestBody
    let id: Substring?
    let now: Timestamp
    let cookies: Cookies

    /// The access token of the cookie, which wins over the one in `Authorization`.
    var accessCookie: String? { cookie(cookies.access) }

    /// The access token in `Authorization`; always `nil` in strict mode.
    ///
    /// A header without a well-formed token gives an empty one, which is then refused as invalid.
    var bearerToken: String? {
        cookies == .strict ? nil : request[.authorization].flatMap(token(inAuthorization:))
    }

    /// The refresh token: the cookie's, else, by the contract, the body's.
    ///
    /// A body that names the token and gives no string gives an empty one.
    var refreshToken: String? {
        if let cookie = cookie(cookies.refresh) { return cookie }
        switch cookies == .strict ? nil : body["refreshToken"] {
        case .string(let token)?: return token.isEmpty ? nil : token
        case .bool(let isTruthy)?, .other(let isTruthy)?: return isTruthy ? "" : nil
        case nil: return nil
        }
    }

    /// Whether one of our cookies came with the request, which a browser sends for any page.
    var carriesToken: Bool { accessCookie != nil || cookie(cookies.refresh) != nil }

    /// Where the request comes from.
    var client: Client {
        Client(
            address: request.parameters["REMOTE_ADDR"] ?? "",
            device: request[.userAgent].map(UserAgent.device) ?? "")
    }

    /// The number that the path names, if it is a plain decimal one of 64 bits.
    var number: Int64? {
        guard let text = id.flatMap({ FastCGIRequest.percentDecoded($0) }),
            text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(text)
    }

    /// A cookie without a value is none.
    func cookie(_ name: StaticString) -> String? {
        request.cookie(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// The token of a `Bearer` challenge's answer (RFC 6750, section 2.1; the scheme in any case).
private func token(inAuthorization value: String) -> String? {
    guard !value.isEmpty else { return nil }
    let parts = value.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else {
        return ""
    }
    return String(Substring(parts[1]))
}

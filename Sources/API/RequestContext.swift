import FastCGI
import HTTPTypes
import Identity

/// Everything that an endpoint needs to know about a request.
struct RequestContext: Sendable {
    let request: FastCGIRequest
    let body: RequestBody
    /// The end of the path that the route calls `:id`, not decoded; empty if the route has none.
    let id: Substring?
    let now: Timestamp
    let cookies: Cookies

    /// The access token in the cookie, which takes precedence over the one in `Authorization`.
    var accessCookie: String? { cookie(cookies.access) }

    /// The access token in `Authorization`; always `nil` in strict mode.
    ///
    /// A field without a well-formed token gives an empty one, which is then refused as invalid.
    var bearerToken: String? {
        cookies == .strict ? nil : request[.authorization].flatMap(token(inAuthorization:))
    }

    /// The refresh token in the cookie, or, unless in strict mode, the one in the body.
    ///
    /// A body that has the member but no string in it gives an empty token.
    var refreshToken: String? {
        if let cookie = cookie(cookies.refresh) { return cookie }
        switch cookies == .strict ? nil : body["refreshToken"] {
        case .string(let token)?: return token.isEmpty ? nil : token
        case .bool(let isTruthy)?, .other(let isTruthy)?: return isTruthy ? "" : nil
        case nil: return nil
        }
    }

    /// True if the request has one of our cookies, which a browser sends for every page.
    var carriesToken: Bool { accessCookie != nil || cookie(cookies.refresh) != nil }

    /// The client's address and device.
    var client: Client {
        Client(
            address: request.remoteAddress,
            device: request[.userAgent].map(UserAgent.device) ?? "")
    }

    /// The number in the path, if it is plain decimal and fits in 64 bits.
    var number: Int64? {
        guard let text = id.flatMap({ FastCGIRequest.percentDecoded($0) }),
            text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(text)
    }

    /// The value of a cookie; `nil` if it is missing or empty.
    func cookie(_ name: StaticString) -> String? {
        request.cookie(name).flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750, section 2.1), with the scheme in any case.
private func token(inAuthorization value: String) -> String? {
    guard !value.isEmpty else { return nil }
    let parts = value.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else {
        return ""
    }
    return String(Substring(parts[1]))
}

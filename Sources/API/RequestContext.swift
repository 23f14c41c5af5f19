import FastCGI
import HTTPTypes
import Identity

/// Everything that an endpoint needs to know about a request.
struct RequestContext: Sendable {
    let request: FastCGIRequest
    let body: RequestBody
    /// The part of the path that matched `:id`, not percent-decoded; empty if the route has no
    /// `:id`.
    let id: Substring?
    let now: Timestamp
    let cookies: Cookies

    /// The access token in the cookie, which takes precedence over a token in `Authorization`.
    ///
    /// If there are several such cookies, this is the first; `accessCookies` has all of them.
    var accessCookie: String? { request.cookie(cookies.access) }

    /// The values of all access token cookies, in the order in which they were sent.
    var accessCookies: [String] {
        request.cookies(cookies.access, limit: Self.maximumCookiesOfOneName)
    }

    /// True if there are several access token cookies.
    ///
    /// Another application in the same domain may have set one of them.
    var hasSeveralAccessCookies: Bool { request.hasSeveralCookies(cookies.access) }

    /// The values of all refresh token cookies, in the order in which they were sent.
    var refreshCookies: [String] {
        request.cookies(cookies.refresh, limit: Self.maximumCookiesOfOneName)
    }

    /// True if there are several refresh token cookies.
    ///
    /// Another application in the same domain may have set one of them.
    var hasSeveralRefreshCookies: Bool { request.hasSeveralCookies(cookies.refresh) }

    /// The cookies of known devices, in the order in which they were sent.
    var deviceCookies: [String] {
        request.cookies(cookies.device, limit: Self.maximumCookiesOfOneName)
    }

    /// The maximum number of cookies with the same name that are tried.
    ///
    /// A larger number is a mistake or an attack, and each cookie costs a signature check and a
    /// look-up.
    private static let maximumCookiesOfOneName = 8

    /// The access token in `Authorization`; always `nil` if `GATEHOUSE_STRICT` is on.
    ///
    /// If the field is malformed, the token is an empty string, which is later refused as invalid.
    var bearerToken: String? {
        cookies == .strict ? nil : request[.authorization].flatMap(token(inAuthorization:))
    }

    /// The refresh token in the cookie or, without a cookie and if `GATEHOUSE_STRICT` is off, in
    /// the body.
    ///
    /// As in the Express backend, any value of `refreshToken` in the body that is truthy in
    /// JavaScript counts as a token. If the value is not a string, the result is an empty string,
    /// which is later refused as invalid.
    var refreshToken: String? {
        if let cookie = request.cookie(cookies.refresh) { return cookie }
        switch cookies == .strict ? nil : body["refreshToken"] {
        case .string(let token)?: return token.isEmpty ? nil : token
        case .bool(let isTruthy)?, .other(let isTruthy)?: return isTruthy ? "" : nil
        case nil: return nil
        }
    }

    /// True if the request has the cookie of the access token or of the refresh token.
    ///
    /// A browser may send these cookies even if a page of another origin makes the request.
    var carriesToken: Bool { accessCookie != nil || request.cookie(cookies.refresh) != nil }

    /// The address and device of the client.
    var client: Client {
        Client(
            address: request.remoteAddress,
            device: request[.userAgent].map(UserAgent.device) ?? "")
    }

    /// The ID in the path; `nil` unless it is decimal, without leading zeros, and fits in 64 bits.
    var number: Int64? {
        guard let text = id.flatMap({ FastCGIRequest.percentDecoded($0) }),
            text.utf8.first != UInt8(ascii: "0"),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(text)
    }
}

/// The token in `Authorization: Bearer …` (RFC 6750, section 2.1), with the scheme in any case.
///
/// The token is `nil` if the field is empty, and an empty string if the field is malformed.
private func token(inAuthorization value: String) -> String? {
    guard !value.isEmpty else { return nil }
    let parts = value.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].elementsEqual("bearer".utf8, by: { $0 | 0x20 == $1 }) else {
        return ""
    }
    return String(Substring(parts[1]))
}

import Identity

/// The cookies of the two tokens; all their names and attributes are defined here.
///
/// A process uses one of the two modes for all of its life, so a cookie of one mode is never
/// accepted in the other.
enum Cookies: Sendable {
    /// The names that the Express backend used; tokens may be in bodies and `Authorization` too.
    case contract
    /// Names with prefixes that make browsers enforce the attributes (RFC 6265bis, section 4.1.3);
    /// tokens are accepted only in cookies.
    ///
    /// `__Host-` requires the path `/` and keeps other hosts of the domain from setting the cookie.
    /// The refresh token has a narrower path instead, which matters more: a browser does not send
    /// it with every request.
    case strict

    /// The name of the access token's cookie.
    var access: StaticString {
        switch self {
        case .contract: "accessToken"
        case .strict: "__Host-accessToken"
        }
    }

    /// The name of the refresh token's cookie.
    var refresh: StaticString {
        switch self {
        case .contract: "refreshToken"
        case .strict: "__Secure-refreshToken"
        }
    }

    private static let accessPath = "/"
    /// Browsers send the cookie to this path and those below it, not with every request.
    private static let refreshPath = "/api/auth/refresh"

    /// The `Set-Cookie` values that store tokens in a browser.
    ///
    /// A refresh token that the request presented is not set again, because this response might
    /// arrive after another one that has the token's successor (`docs/rotation.md`).
    func set(
        _ tokens: IssuedTokens, for presented: String? = nil, at now: Timestamp
    ) -> [String] {
        let access = cookie(
            access, tokens.accessToken, Self.accessPath, maxAge: tokens.accessMaxAge, now)
        guard tokens.refreshToken != presented else { return [access] }
        return [
            access,
            cookie(
                refresh, tokens.refreshToken, Self.refreshPath, maxAge: tokens.refreshMaxAge, now),
        ]
    }

    /// The `Set-Cookie` values that remove both cookies.
    var cleared: [String] {
        [clearing(access, Self.accessPath), clearing(refresh, Self.refreshPath)]
    }

    private func cookie(
        _ name: StaticString, _ value: String, _ path: String, maxAge: Int64, _ now: Timestamp
    ) -> String {
        let expires = Timestamp(seconds: now.seconds + maxAge).httpDate
        return "\(name)=\(value); Max-Age=\(maxAge); Path=\(path); "
            + "Expires=\(expires); HttpOnly; Secure; SameSite=Strict"
    }

    private func clearing(_ name: StaticString, _ path: String) -> String {
        "\(name)=; Path=\(path); Expires=Thu, 01 Jan 1970 00:00:00 GMT; "
            + "HttpOnly; Secure; SameSite=Strict"
    }
}

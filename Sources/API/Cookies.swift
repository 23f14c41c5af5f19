import Identity

/// The two cookies, by the contract or strict: every attribute of theirs is here and nowhere else.
///
/// One mode holds from the start to the end of a process, so the names of one never pass for the
/// other's.
enum Cookies: Sendable {
    /// As the Express backend named them; tokens travel in bodies and in `Authorization` as well.
    case contract
    /// With prefixes that make browsers see to the attributes (RFC 6265bis, section 4.1.3); tokens
    /// travel in no other way.
    ///
    /// `__Host-` wants the path `/`, so no other host under our domain can set such a cookie.
    /// The refresh token has a path, which is worth more: it is not sent with every request.
    case strict

    /// The access token's name.
    var access: StaticString {
        switch self {
        case .contract: "accessToken"
        case .strict: "__Host-accessToken"
        }
    }

    /// The refresh token's name.
    var refresh: StaticString {
        switch self {
        case .contract: "refreshToken"
        case .strict: "__Secure-refreshToken"
        }
    }

    private static let accessPath = "/"
    /// Sent to the routes that need it, below this path too, not with every request.
    private static let refreshPath = "/api/auth/refresh"

    /// `Set-Cookie` values that hand out tokens.
    ///
    /// The refresh token that was shown is not set once more: the answer might land after one with
    /// its successor (`docs/rotation.md`).
    func set(
        _ tokens: IssuedTokens, for shown: String? = nil, at now: Timestamp
    ) -> [String] {
        let access = cookie(
            access, tokens.accessToken, Self.accessPath, maxAge: tokens.accessMaxAge, now)
        guard tokens.refreshToken != shown else { return [access] }
        return [
            access,
            cookie(
                refresh, tokens.refreshToken, Self.refreshPath, maxAge: tokens.refreshMaxAge, now),
        ]
    }

    /// `Set-Cookie` values that take them back.
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

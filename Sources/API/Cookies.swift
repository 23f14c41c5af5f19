import Identity

/// The two cookies: every attribute of theirs is here and nowhere else.
enum Cookies {
    private static let access = (name: "accessToken", path: "/")
    /// Sent to the routes that need it, below this path too, not with every request.
    private static let refresh = (name: "refreshToken", path: "/api/auth/refresh")

    /// `Set-Cookie` values that hand out tokens.
    ///
    /// The refresh token that was shown is not set once more: the answer might land after one with
    /// its successor (`docs/rotation.md`).
    static func set(
        _ tokens: IssuedTokens, for shown: String? = nil, at now: Timestamp
    ) -> [String] {
        let access = cookie(access, tokens.accessToken, maxAge: tokens.accessMaxAge, now)
        guard tokens.refreshToken != shown else { return [access] }
        return [
            access, cookie(refresh, tokens.refreshToken, maxAge: tokens.refreshMaxAge, now),
        ]
    }

    /// `Set-Cookie` values that take them back.
    static var cleared: [String] { [clearing(access), clearing(refresh)] }

    private static func cookie(
        _ cookie: (name: String, path: String), _ value: String, maxAge: Int64, _ now: Timestamp
    ) -> String {
        let expires = Timestamp(seconds: now.seconds + maxAge).httpDate
        return "\(cookie.name)=\(value); Max-Age=\(maxAge); Path=\(cookie.path); "
            + "Expires=\(expires); HttpOnly; Secure; SameSite=Strict"
    }

    private static func clearing(_ cookie: (name: String, path: String)) -> String {
        "\(cookie.name)=; Path=\(cookie.path); Expires=Thu, 01 Jan 1970 00:00:00 GMT; "
            + "HttpOnly; Secure; SameSite=Strict"
    }
}

import Identity

/// The names and attributes of the cookies that carry the access token and the refresh token, and
/// of the cookie that marks a known device.
///
/// Each case is a mode, which the setting `GATEHOUSE_STRICT` selects. A process uses the same mode
/// as long as it runs, and ignores the cookies of the other mode.
enum Cookies: Sendable {
    /// The mode of the HTTP contract, the recorded API of the Express backend.
    ///
    /// The cookies have the names that the Express backend used. Bodies and `Authorization` may
    /// carry tokens too.
    case contract
    /// The mode in which tokens are sent and accepted only in cookies with prefixed names.
    ///
    /// The prefixes make browsers enforce the attributes of the cookies (RFC 6265bis,
    /// section 4.1.3). `__Host-` requires the path `/` and prevents other hosts of the domain from
    /// setting the cookie. The refresh token's cookie cannot have this prefix, because it has a
    /// narrower path. That path matters more, because it keeps browsers from sending the refresh
    /// token with every request.
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

    /// The name of the cookie that marks a known device of an account.
    ///
    /// The cookie only affects how long a login waits, after wrong passwords and in the queue for
    /// password hashing. A logout does not remove the cookie, because the next login needs it.
    var device: StaticString {
        switch self {
        case .contract: "device"
        case .strict: "__Secure-device"
        }
    }

    private static let accessPath = "/"
    /// The path of the refresh token's cookie.
    ///
    /// Browsers send the cookie only with requests for this path and the paths below it.
    private static let refreshPath = "/api/auth/refresh"

    /// The `Set-Cookie` values that store tokens in a browser.
    ///
    /// A refresh token that the request presented is not set again, because this response might
    /// arrive after another response that sets the token's successor (`docs/rotation.md`).
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

    /// The `Set-Cookie` value that marks a known device.
    func set(device value: String, at now: Timestamp) -> String {
        cookie(device, value, "/api/auth/login", maxAge: KnownDevice.lifetime, now)
    }

    /// The `Set-Cookie` values that remove the cookies of both tokens.
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

    /// The `Set-Cookie` value that removes a cookie.
    ///
    /// The value has both `Max-Age` and `Expires`, because some clients understand only one of
    /// these attributes, and some take an expiry in the first second of 1970 for no expiry.
    private func clearing(_ name: StaticString, _ path: String) -> String {
        "\(name)=; Max-Age=0; Path=\(path); Expires=Thu, 01 Jan 1970 00:00:00 GMT; "
            + "HttpOnly; Secure; SameSite=Strict"
    }
}

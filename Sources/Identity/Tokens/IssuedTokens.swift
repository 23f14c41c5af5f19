/// The tokens that a login or a refresh returns.
public struct IssuedTokens: Sendable {
    /// The access token.
    public let accessToken: String
    /// The lifetime of the access token, in seconds.
    public let accessMaxAge: Int64
    /// The refresh token.
    public let refreshToken: String
    /// The remaining lifetime of the session, in seconds.
    public let refreshMaxAge: Int64
}

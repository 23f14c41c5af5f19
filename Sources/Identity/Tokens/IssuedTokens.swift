/// The tokens that a login or a refresh returns.
public struct IssuedTokens: Sendable {
    /// The access token.
    public let accessToken: String
    /// Its lifetime, in seconds.
    public let accessMaxAge: Int64
    /// The refresh token.
    public let refreshToken: String
    /// The remaining lifetime of the session, in seconds.
    public let refreshMaxAge: Int64
}

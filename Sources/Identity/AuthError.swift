/// An expected refusal that the client is informed about; nothing has changed.
///
/// Any other error that is thrown is an internal error.
public enum AuthError: Error, Equatable, Sendable {
    /// The input breaks these rules.
    case invalid([AccountViolation])
    /// The e-mail address belongs to an account.
    case emailTaken
    /// No such account, a wrong password, or a disabled account; the client does not learn which.
    case wrongCredentials
    /// No account has this e-mail address or number, or the access token's account was removed.
    case accountNotFound
    /// The access token is forged, malformed, of another type, or its session has ended.
    case invalidAccessToken
    /// The access token is genuine and its session is live, but the token has expired.
    case expiredAccessToken
    /// The current password, sent to change it, is wrong.
    case wrongPassword
    /// Too many wrong passwords: the next attempt is allowed after this time.
    case throttled(seconds: Int64)
    /// The account has no live session with this number.
    case sessionNotFound
    /// The account's role does not allow this.
    case insufficientRole
    /// The refresh token is forged, malformed or expired.
    case invalidRefreshToken
    /// The refresh token was valid once, but it was rotated or its session has ended.
    case refreshTokenRevoked
    /// Administrators cannot demote or disable themselves.
    case cannotDemoteSelf
    /// Too many passwords wait to be hashed, too many writes wait to be committed, or another
    /// process has locked the database for too long.
    case busy
}

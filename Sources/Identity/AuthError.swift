/// Why a rule says no: expected, the caller's to know, and nothing has changed.
///
/// Anything else that is thrown is a fault of ours.
public enum AuthError: Error, Equatable, Sendable {
    /// What was sent breaks these rules, in the words of the contract.
    case invalid([String])
    /// The e-mail address belongs to an account.
    case emailTaken
    /// No such account, a wrong password, or a disabled account: not told apart.
    case wrongCredentials
    /// No account of that e-mail address or number, or the access token's account has been removed.
    case accountNotFound
    /// The access token is forged, malformed, of another kind, or of an ended session.
    case invalidAccessToken
    /// The access token is genuine and its session is live, but the token has expired.
    case expiredAccessToken
    /// The current password, given to set another, is wrong.
    case wrongPassword
    /// Too many wrong passwords came before: not before so many seconds.
    case throttled(seconds: Int64)
    /// The account has no live session of that number.
    case sessionNotFound
    /// The role is not enough.
    case insufficientRole
    /// The refresh token is forged, malformed or expired.
    case invalidRefreshToken
    /// The refresh token was good once: rotated away, or its session has ended.
    case refreshTokenRevoked
    /// An administrator would take something from the own account.
    case cannotDemoteSelf
    /// Too many passwords wait to be hashed, or too many writes to be committed; or another process
    /// kept the database for itself too long.
    case busy
}

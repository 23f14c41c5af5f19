/// An expected error, which refuses a request and tells the client why.
///
/// The requested change has not been made. Any other error that is thrown is an internal error.
public enum AuthError: Error, Equatable, Sendable {
    /// The input violates these rules.
    case invalid([AccountViolation])
    /// An account with this e-mail address already exists.
    case emailTaken
    /// The account does not exist or is disabled, or the password is wrong; the client does not
    /// learn which.
    case wrongCredentials
    /// No account has this e-mail address or ID, or the account of the access token was removed.
    case accountNotFound
    /// The access token is forged, malformed or of another type, or its session has ended.
    case invalidAccessToken
    /// The access token is genuine and its session is live, but the token has expired.
    case expiredAccessToken
    /// The current password in a request to change the password is wrong.
    case wrongPassword
    /// There were too many wrong passwords, and the next attempt is allowed after this wait.
    case throttled(seconds: Int64)
    /// The account has no live session with this ID.
    case sessionNotFound
    /// The account's role does not permit the request.
    case insufficientRole
    /// The action requires that the caller has signed in recently
    /// (`Sessions.recentSignInLifetime`).
    case recentSignInRequired
    /// The refresh token is forged, malformed or expired.
    case invalidRefreshToken
    /// The refresh token was valid once, but it was rotated or its session has ended.
    case refreshTokenRevoked
    /// An administrator tried to demote or disable their own account.
    case cannotDemoteSelf
    /// Too many passwords wait to be hashed.
    case tooManyPasswords
    /// Too many writes wait to be committed, or another process has locked the database for too
    /// long.
    case busy
}

extension AuthError {
    /// Whether a signed-in caller was refused an action because the caller may not perform it, or
    /// may not perform it without a recent sign-in.
    public var isRefusedAction: Bool {
        switch self {
        case .insufficientRole, .recentSignInRequired, .cannotDemoteSelf: true
        case .invalid, .emailTaken, .wrongCredentials, .accountNotFound, .invalidAccessToken,
            .expiredAccessToken, .wrongPassword, .throttled, .sessionNotFound, .invalidRefreshToken,
            .refreshTokenRevoked, .tooManyPasswords, .busy:
            false
        }
    }

    /// Whether a password was refused before it was hashed, because too many passwords were sent.
    public var isRefusedPassword: Bool {
        switch self {
        case .throttled, .tooManyPasswords: true
        default: false
        }
    }
}

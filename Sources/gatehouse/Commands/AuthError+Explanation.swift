import Identity

extension AuthError {
    /// The reason why a command failed, in one line for the operator.
    var explanation: String {
        switch self {
        case .invalid(let violations):
            violations.map(\.description).joined(separator: "; ")
        case .emailTaken: "an account with that e-mail address already exists"
        case .accountNotFound:
            "no account has that e-mail address; `gatehouse user list` shows all accounts"
        case .busy: "the database is busy with another process's changes; try again"
        case .sessionNotFound:
            "no live session has that number; `gatehouse session list` shows an account's sessions"
        case .wrongCredentials, .wrongPassword, .throttled, .invalidAccessToken,
            .expiredAccessToken, .insufficientRole, .invalidRefreshToken, .refreshTokenRevoked,
            .cannotDemoteSelf, .recentSignInRequired, .tooManyPasswords:
            // Commands do not log in or present tokens, and hash only one password at a time, so
            // these errors cannot occur here.
            "refused"
        }
    }
}

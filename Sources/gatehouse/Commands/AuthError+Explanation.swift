import Identity
import Settings

extension AuthError {
    /// Why a command was refused, in one line.
    var explanation: String {
        switch self {
        case .invalid(let violations): violations.joined(separator: "; ")
        case .emailTaken: "an account of that e-mail address exists"
        case .accountNotFound: "no account of that e-mail address exists"
        case .busy: "another process keeps the database busy; try again"
        case .sessionNotFound: "no live session of that number exists"
        case .wrongCredentials, .wrongPassword, .throttled, .invalidAccessToken,
            .expiredAccessToken, .insufficientRole, .invalidRefreshToken, .refreshTokenRevoked,
            .cannotDemoteSelf:
            // Nobody logs in on the command line, and nobody there expects a state.
            "refused"
        }
    }
}

import Directory
import HTTPTypes
import Identity

/// Everything that can go wrong with a request, and what the contract answers.
enum APIError: Error, Equatable {
    case refused(AuthError)
    case directory(DirectoryError)
    case accessTokenRequired
    case refreshTokenRequired
    case crossOrigin
    case routeNotFound(target: String)
    case methodNotAllowed(allowed: [String])
    case malformedBody
    case bodyTooLarge
    case unsupportedBody
    case notReady
    case fault(requestID: String)

    /// The one place where errors become answers.
    var answer: Response {
        switch self {
        case .refused(let refusal): return refusal.answer
        case .directory(let error): return error.answer
        case .accessTokenRequired: return .message(.unauthorized, "Access token required")
        case .refreshTokenRequired: return .message(.unauthorized, "refreshToken is not provided")
        case .crossOrigin: return .message(.forbidden, "Cross-origin request refused")
        case .routeNotFound(let target):
            return .message(
                .notFound, "Route not found",
                errors: ["The requested route \(target) does not exist"])
        case .methodNotAllowed(let allowed):
            var answer = Response.message(.methodNotAllowed, "Method not allowed")
            let methods = allowed.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }
            answer.fields[.allow] = methods.joined(separator: ", ")
            return answer
        case .malformedBody: return .message(.badRequest, "Malformed JSON")
        case .bodyTooLarge: return .message(.contentTooLarge, "Payload too large")
        case .unsupportedBody: return .message(.unsupportedMediaType, "Unsupported media type")
        case .notReady:
            var answer = Response.message(.serviceUnavailable, "Service is not ready")
            answer.fields[.retryAfter] = "1"
            return answer
        case .fault(let requestID):
            var answer = Response.message(.internalServerError, "Internal server error")
            if let name = HTTPField.Name("X-Request-Id") { answer.fields[name] = requestID }
            return answer
        }
    }
}

extension AuthError {
    fileprivate var answer: Response {
        switch self {
        case .invalid(let violations):
            return .message(.badRequest, "Validation failed", errors: violations)
        case .emailTaken: return .message(.conflict, "User already exists")
        case .wrongCredentials:
            return .message(.unauthorized, "Invalid username or password")
        case .accountNotFound: return .message(.notFound, "User not found")
        case .invalidAccessToken, .expiredAccessToken:
            return .message(.forbidden, "Invalid or expired token")
        case .wrongPassword: return .message(.badRequest, "Current password is incorrect")
        case .throttled(let seconds):
            var answer = Response.message(.tooManyRequests, "Too many requests")
            answer.fields[.retryAfter] = "\(seconds)"
            return answer
        case .sessionNotFound: return .message(.notFound, "Session not found")
        case .insufficientRole: return .message(.forbidden, "Insufficient permissions")
        case .cannotDemoteSelf:
            return .message(.conflict, "You cannot take rights from your own account")
        case .invalidRefreshToken: return .message(.unauthorized, "Invalid refresh token")
        case .refreshTokenRevoked:
            return .message(.badRequest, "Refresh token is invalid or expired.")
        case .busy:
            var answer = Response.message(.serviceUnavailable, "Service is busy")
            answer.fields[.retryAfter] = "1"
            return answer
        }
    }
}

extension DirectoryError {
    fileprivate var answer: Response {
        switch self {
        case .invalid(let violations):
            .message(.badRequest, "Validation failed", errors: violations)
        case .notFound(let kind): .message(.notFound, "\(kind) not found")
        case .changed(let kind): .message(.preconditionFailed, "\(kind) has changed")
        }
    }
}

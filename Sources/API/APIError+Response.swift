import Directory
import HTTPTypes
import Identity

// Errors become responses only in this file.
extension APIError {
    /// The response that reports the error to the client.
    ///
    /// The response has the form of the HTTP contract, the recorded API of the Express backend.
    var response: Response {
        switch self {
        case .auth(let error): return error.response
        case .directory(let error): return error.response
        case .invalid(let messages): return .invalid(messages)
        case .accessTokenRequired: return .message(.unauthorized, "Access token required")
        case .refreshTokenRequired: return .message(.unauthorized, "refreshToken is not provided")
        case .crossOrigin: return .message(.forbidden, "Cross-origin request refused")
        case .signupClosed: return .message(.forbidden, "Signup is closed")
        case .routeNotFound(let target):
            return .message(
                .notFound, "Route not found",
                errors: ["The requested route \(target) does not exist"])
        case .methodNotAllowed(let allowed):
            var response = Response.message(.methodNotAllowed, "Method not allowed")
            let methods = allowed.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] }
            response.fields[.allow] = methods.joined(separator: ", ")
            return response
        case .malformedBody: return .message(.badRequest, "Malformed JSON")
        case .bodyTooLarge: return .message(.contentTooLarge, "Payload too large")
        case .unsupportedBody: return .message(.unsupportedMediaType, "Unsupported media type")
        case .tooManyChanges(let seconds):
            return .retry(after: seconds, .tooManyRequests, "Too many requests")
        case .notReady: return .retry(after: 1, .serviceUnavailable, "Service is not ready")
        case .internalError(let requestID):
            var response = Response.message(.internalServerError, "Internal server error")
            if let name = HTTPField.Name("X-Request-Id") { response.fields[name] = requestID }
            return response
        }
    }
}

extension AuthError {
    fileprivate var response: Response {
        switch self {
        case .invalid(let violations): .invalid(violations.flatMap(\.messages))
        case .emailTaken: .message(.conflict, "User already exists")
        case .wrongCredentials: .message(.unauthorized, "Invalid username or password")
        case .accountNotFound: .message(.notFound, "User not found")
        case .invalidAccessToken, .expiredAccessToken:
            .message(.forbidden, "Invalid or expired token")
        case .wrongPassword: .message(.badRequest, "Current password is incorrect")
        case .throttled(let seconds):
            .retry(after: seconds, .tooManyRequests, "Too many requests")
        case .sessionNotFound: .message(.notFound, "Session not found")
        case .insufficientRole: .message(.forbidden, "Insufficient permissions")
        case .recentSignInRequired:
            .message(
                .forbidden, "Recent sign-in required",
                errors: [
                    "Log in again with the password, then repeat the request within "
                        + "\(Sessions.recentSignInLifetime / 60_000) minutes"
                ])
        case .cannotDemoteSelf:
            .message(.conflict, "You cannot take rights from your own account")
        case .invalidRefreshToken: .message(.unauthorized, "Invalid refresh token")
        case .refreshTokenRevoked:
            .message(.badRequest, "Refresh token is invalid or expired.")
        case .tooManyPasswords, .busy: .retry(after: 1, .serviceUnavailable, "Service is busy")
        }
    }
}

extension DirectoryError {
    fileprivate var response: Response {
        switch self {
        case .invalid(let violations): .invalid(violations.map(\.message))
        case .notFound(let kind): .message(.notFound, "\(kind) not found")
        case .changed(let kind): .message(.preconditionFailed, "\(kind) has changed")
        case .full(let kind, let maximum):
            .message(.conflict, "\(kind) limit of \(maximum) is reached")
        }
    }
}

extension Response {
    fileprivate static func invalid(_ messages: [String]) -> Response {
        .message(.badRequest, "Validation failed", errors: messages)
    }

    fileprivate static func retry(
        after seconds: Int64, _ status: HTTPResponse.Status, _ message: String
    ) -> Response {
        var response = Response.message(status, message)
        response.fields[.retryAfter] = "\(seconds)"
        return response
    }
}

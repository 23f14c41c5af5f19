import Directory
import HTTPTypes
import Identity

/// An error that ends a request; `APIError+Response.swift` turns it into a response.
enum APIError: Error, Equatable {
    /// The domain rules for accounts and sessions refuse the request.
    case auth(AuthError)
    /// The domain rules for the people of the directory refuse the request.
    case directory(DirectoryError)
    /// Fields of the body, the query or the header are invalid; each string describes one
    /// violation.
    case invalid([String])
    case accessTokenRequired
    case refreshTokenRequired
    case crossOrigin
    /// The settings do not allow signup.
    case signupClosed
    case routeNotFound(target: String)
    case methodNotAllowed(allowed: [String])
    case malformedBody
    case bodyTooLarge
    case unsupportedBody
    case notReady
    /// The account or the client changes people too often; the next change is allowed after this
    /// wait.
    case tooManyChanges(seconds: Int64)
    /// An unexpected error occurred; its details are in the log under the request's ID.
    case internalError(requestID: String)
}

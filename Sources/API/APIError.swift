import Directory
import HTTPTypes
import Identity

/// Every error that a request can end with; `APIError+Response.swift` has the contract's responses.
enum APIError: Error, Equatable {
    /// The rules of accounts and sessions refuse the request.
    case auth(AuthError)
    /// The rules of the directory refuse the request.
    case directory(DirectoryError)
    /// Fields of the body, the query or the header have these violations, in the contract's words.
    case invalid([String])
    case accessTokenRequired
    case refreshTokenRequired
    case crossOrigin
    case routeNotFound(target: String)
    case methodNotAllowed(allowed: [String])
    case malformedBody
    case bodyTooLarge
    case unsupportedBody
    case notReady
    /// An unexpected error, whose details are in the log under the request's ID.
    case internalError(requestID: String)
}

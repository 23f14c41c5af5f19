/// The kind of client that sends a refresh token.
public enum RefreshClient: Equatable, Sendable {
    /// A browser, whose tabs share one cookie jar.
    case browser
    /// One program, with the `Idempotency-Key` of its request if it sent one (the IETF's
    /// draft-ietf-httpapi-idempotency-key-header).
    case program(retryKey: String?)

    var retryKey: String? {
        switch self {
        case .browser: nil
        case .program(let retryKey): retryKey
        }
    }
}

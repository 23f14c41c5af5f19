/// The kind of client that sends a refresh token.
public enum RefreshClient: Equatable, Sendable {
    /// A browser, whose tabs share one cookie jar.
    case browser
    /// A single program; `retryKey` is the `Idempotency-Key` of its request, or `nil` if the
    /// request has none (the IETF's draft-ietf-httpapi-idempotency-key-header).
    case program(retryKey: String?)

    var retryKey: String? {
        switch self {
        case .browser: nil
        case .program(let retryKey): retryKey
        }
    }
}

/// A token that a client presents.
package enum Presentation: Equatable, Sendable {
    /// A refresh token, presented by a browser.
    case refresh(TokenPosition)
    /// A refresh token, presented by a script, which may send an `Idempotency-Key`.
    case strictRefresh(TokenPosition, key: UInt8?)
    /// An access token.
    case access(TokenPosition)
}

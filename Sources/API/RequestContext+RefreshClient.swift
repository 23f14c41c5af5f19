import FastCGI
import HTTPTypes
import Identity

extension RequestContext {
    /// The kind of client that presents the refresh token.
    ///
    /// A browser sends the cookie, which its tabs share, and one of the two fields that no script
    /// can remove; `CrossOriginProtection` has checked their values. Any other client is one
    /// program.
    ///
    /// - Throws: `APIError.invalid` if a program's `Idempotency-Key` is malformed. A key that is
    ///   not understood must not be treated as no key: the program's retry would end the session.
    var refreshClient: RefreshClient {
        get throws {
            let isMarked = request.fetchSite != nil || request[.origin]?.isEmpty == false
            if isMarked, cookie(cookies.refresh) != nil { return .browser }
            guard let key = request.idempotencyKey else { return .program(retryKey: nil) }
            let visible = UInt8(ascii: "!")...UInt8(ascii: "~")
            guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy(visible.contains) else {
                throw APIError.invalid([
                    "\"Idempotency-Key\" must be 1 to 255 visible ASCII characters"
                ])
            }
            return .program(retryKey: key)
        }
    }
}

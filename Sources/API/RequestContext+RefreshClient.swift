import FastCGI
import HTTPTypes
import Identity

extension RequestContext {
    /// The kind of client that presents the refresh token.
    ///
    /// A request comes from a browser if it has the refresh token's cookie, which all tabs share,
    /// and `Sec-Fetch-Site` or `Origin`. No script can remove these two fields, and
    /// `CrossOriginProtection` has already checked their values. Any other client is treated as a
    /// single program.
    ///
    /// - Throws: `APIError.invalid` if a program's `Idempotency-Key` is malformed. A malformed key
    ///   must not be treated as a missing key. Otherwise a retry by the program would end the
    ///   session.
    var refreshClient: RefreshClient {
        get throws {
            let isMarked = request.fetchSite != nil || request[.origin]?.isEmpty == false
            if isMarked, request.cookie(cookies.refresh) != nil { return .browser }
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

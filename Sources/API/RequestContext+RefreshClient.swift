import FastCGI
import HTTPTypes
import Identity

extension RequestContext {
    /// Who presents the refresh token.
    ///
    /// A browser is told by the cookie, which its tabs share, and by the fields that no script in
    /// it can leave out; `CrossOriginProtection` has judged what they say. Whatever else presents a
    /// token is one program.
    ///
    /// - Throws: `AuthError.invalid` where a program's `Idempotency-Key` is none. A key that is not
    ///   understood must not pass for no key: its retry would end the session.
    var presenter: RefreshClient {
        get throws {
            let isMarked = request.fetchSite != nil || request[.origin]?.isEmpty == false
            if isMarked, cookie(cookies.refresh) != nil { return .browser }
            guard let key = request.parameters["HTTP_IDEMPOTENCY_KEY"] else {
                return .program(retryKey: nil)
            }
            let visible = UInt8(ascii: "!")...UInt8(ascii: "~")
            guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy(visible.contains) else {
                throw AuthError.invalid([
                    "\"Idempotency-Key\" must be 1 to 255 visible ASCII characters"
                ])
            }
            return .program(retryKey: key)
        }
    }
}

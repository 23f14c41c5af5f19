import COpenSSL
import Glibc

/// A call into OpenSSL or libxcrypt failed.
///
/// Carries what the library says of the failure, never a key, a password or a message.
public struct CryptographyError: Error, Equatable, CustomStringConvertible {
    /// The function that failed, such as `EVP_MAC_init`.
    public let call: String
    /// The library's words for the reason.
    public let message: String

    /// The call and the reason.
    public var description: String { "\(call): \(message)" }

    /// The newest entry of the calling thread's error queue, which is emptied.
    static func openSSL(_ call: String) -> CryptographyError {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0 else { return CryptographyError(call: call, message: "no reason given") }
        // ERR_error_string_n(3) asks for 256 bytes and ends what it writes with a NUL.
        let message = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            ERR_error_string_n(code, text.baseAddress, text.count)
            return text.baseAddress.map { String(cString: $0) } ?? ""
        }
        return CryptographyError(call: call, message: message)
    }

    /// An error number as crypt(3) and its relatives leave it.
    static func system(_ call: String, _ number: Int32) -> CryptographyError {
        let message = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        return CryptographyError(call: call, message: message)
    }
}

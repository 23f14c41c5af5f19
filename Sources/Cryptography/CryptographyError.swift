import COpenSSL
import Glibc

/// An error of OpenSSL or libxcrypt.
///
/// It contains the library's message, never a key, a password or the data that was signed.
public struct CryptographyError: Error, Equatable, CustomStringConvertible {
    /// The function that failed, such as `EVP_MAC_init`.
    public let call: String
    /// The library's message, which gives the reason.
    public let message: String
    /// Whether the library had no memory left.
    public internal(set) var isLackOfResources = false

    /// The call and the reason.
    public var description: String { "\(call): \(message)" }

    /// Creates the error from the newest entry of this thread's OpenSSL error queue, and clears the
    /// queue.
    static func openSSL(_ call: String) -> CryptographyError {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0 else { return CryptographyError(call: call, message: "no reason given") }
        // ERR_error_string_n(3) needs at most 256 bytes and terminates the string with a NUL.
        let message = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            ERR_error_string_n(code, text.baseAddress, text.count)
            return text.baseAddress.map { String(cString: $0) } ?? ""
        }
        return CryptographyError(call: call, message: message)
    }

    /// Creates the error from an error number, which crypt(3) and related functions leave in
    /// `errno`.
    static func system(_ call: String, _ number: Int32) -> CryptographyError {
        let message = strerror(number).map { String(cString: $0) } ?? "error \(number)"
        var error = CryptographyError(call: call, message: message)
        error.isLackOfResources = number == ENOMEM
        return error
    }
}

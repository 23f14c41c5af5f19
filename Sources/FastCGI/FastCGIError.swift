import Glibc

/// The error thrown when a system call fails and the server cannot continue without that call.
public struct FastCGIError: Error, CustomStringConvertible {
    /// The call and its argument, such as `bind /run/hello.sock`.
    public let call: String
    /// The error number (see errno(3)).
    public let code: Int32

    /// The call and the system's message for the error number.
    public var description: String { "\(call): \(String(cString: strerror(code)))" }

    /// Creates the error for a call that has just failed and has set `errno`.
    static func last(_ call: String) -> FastCGIError { FastCGIError(call: call, code: errno) }
}

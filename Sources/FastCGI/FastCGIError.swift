import Glibc

/// A system call that failed where the library cannot go on.
public struct FastCGIError: Error, CustomStringConvertible {
    /// The call and what it was about, such as `bind /run/hello.sock`.
    public let call: String
    /// The error number, see errno(3).
    public let code: Int32

    /// The call and the system's words for the error.
    public var description: String { "\(call): \(String(cString: strerror(code)))" }

    /// The error of the call that has just failed.
    static func last(_ call: String) -> FastCGIError { FastCGIError(call: call, code: errno) }
}

/// What happened on the way that no request can be told about.
public enum FastCGIEvent: Sendable {
    /// A peer sent what is no FastCGI request, for the reason given; its connection was closed.
    case malformedRequest(String)
    /// A peer stopped in the middle of a request; its connection was closed.
    case stalledPeer
    /// No descriptor is left for further connections; told once a second at most.
    case outOfDescriptors
}

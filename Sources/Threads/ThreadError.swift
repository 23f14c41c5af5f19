/// The error thrown when the system cannot start a thread (see pthread_create(3)).
public struct ThreadError: Error, CustomStringConvertible {
    /// The error number that pthread_create(3) returned.
    public let code: Int32

    /// The failed call and its error number.
    public var description: String { "pthread_create: error \(code)" }
}

/// An event of the server that belongs to no request.
public enum FastCGIEvent: Sendable {
    /// A peer sent bytes that are not a valid FastCGI request, and its connection was closed.
    ///
    /// The associated value is the reason.
    case malformedRequest(String)
    /// A peer stopped in the middle of a request, and its connection was closed.
    case stalledPeer
    /// No file descriptor is left for more connections.
    ///
    /// This event is reported at most once a second.
    case outOfDescriptors
}

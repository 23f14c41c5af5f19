/// An event of the server that belongs to no request.
public enum FastCGIEvent: Sendable {
    /// A peer sent bytes that are not a valid FastCGI request. The value is the reason; the
    /// connection was closed.
    case malformedRequest(String)
    /// A peer stopped in the middle of a request; its connection was closed.
    case stalledPeer
    /// No file descriptor is left for more connections; reported at most once a second.
    case outOfDescriptors
}

public import HTTPTypes

/// A response to the web server.
public struct FastCGIResponse: Sendable {
    /// The status and the header fields, except `Content-Length`, which is derived from `body`
    /// unless there is a `rest`.
    public var head: HTTPResponse
    /// The content, or its beginning; it is not sent if the request's method is HEAD.
    public var body: [UInt8]
    /// The content after `body`; `nil` if `body` is the whole content.
    ///
    /// It must be `nil` if the status does not allow content.
    public var rest: RemainingContent?

    /// Creates a response, by default with an empty body.
    public init(head: HTTPResponse, body: [UInt8] = [], rest: RemainingContent? = nil) {
        self.head = head
        self.body = body
        self.rest = rest
    }
}

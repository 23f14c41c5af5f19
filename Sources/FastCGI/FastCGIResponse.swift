public import HTTPTypes

/// A response to the web server.
public struct FastCGIResponse: Sendable {
    /// The status and the header fields, except `Content-Length`, which is derived from the body.
    public var head: HTTPResponse
    /// The content, which is not sent if the request's method is HEAD.
    public var body: [UInt8]

    /// Creates a response, by default with an empty body.
    public init(head: HTTPResponse, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }
}

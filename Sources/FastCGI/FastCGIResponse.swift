public import HTTPTypes

/// A response to the web server.
public struct FastCGIResponse: Sendable {
    /// The status and the header fields, except `Content-Length`, which is derived from the body.
    public var head: HTTPResponse
    /// The content; not sent if the request's method is HEAD.
    public var body: [UInt8]

    /// Makes a response.
    public init(head: HTTPResponse, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }
}

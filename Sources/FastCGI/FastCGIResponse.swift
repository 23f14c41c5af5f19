public import HTTPTypes

/// An answer to the web server.
public struct FastCGIResponse: Sendable {
    /// The status and the header fields, but for `Content-Length`, which is written from the body.
    public var head: HTTPResponse
    /// The content; not sent when the request's method is HEAD.
    public var body: [UInt8]

    /// Makes an answer.
    public init(head: HTTPResponse, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }
}

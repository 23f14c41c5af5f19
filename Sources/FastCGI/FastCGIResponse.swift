public import HTTPTypes

/// An answer to the web server.
public struct FastCGIResponse: Sendable {
    /// The status and the header fields.
    public var head: HTTPResponse
    /// The content; not sent when the request's method is HEAD.
    public var body: [UInt8]

    /// Makes an answer.
    public init(head: HTTPResponse, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }

    /// The header block of a CGI document response (RFC 3875, section 6.3).
    var headerBlock: [UInt8] {
        var block: [UInt8] = []
        block.reserveCapacity(512)
        block.append(contentsOf: "Status: ".utf8)
        block.append(contentsOf: String(head.status.code).utf8)
        block.append(UInt8(ascii: " "))
        block.append(contentsOf: head.status.reasonPhrase.utf8)
        for field in head.headerFields {
            block.append(contentsOf: "\r\n".utf8)
            block.append(contentsOf: field.name.rawName.utf8)
            block.append(contentsOf: ": ".utf8)
            block.append(contentsOf: field.value.utf8)
        }
        block.append(contentsOf: "\r\n\r\n".utf8)
        return block
    }
}

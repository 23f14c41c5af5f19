public import HTTPTypes

/// A request as the web server passed it on, copied out of the protocol.
public struct FastCGIRequest: Sendable {
    /// The CGI meta-variables (RFC 3875, section 4.1) and the request's header fields.
    public let parameters: FastCGIParameters
    /// The request's content; with its parameters and the protocol's records 96 KiB at most.
    public let body: [UInt8]

    /// Makes a request value.
    public init(parameters: FastCGIParameters, body: [UInt8]) {
        self.parameters = parameters
        self.body = body
    }

    /// The request's method as it was sent, in whatever case; empty when it is missing.
    public var method: String { parameters["REQUEST_METHOD"] ?? "" }

    /// The request's target as it was sent: path and query, not decoded, not normalised.
    ///
    /// `REQUEST_URI` is not in RFC 3875, but every web server that speaks FastCGI sends it.
    public var target: String { parameters["REQUEST_URI"] ?? "" }

    /// The value of a header field, or `nil` when the request has none of that name.
    ///
    /// The web server has joined repeated fields already.
    public subscript(name: HTTPField.Name) -> String? { parameters.field(name) }

    /// The request's head with all its fields.
    ///
    /// Made anew at each call: code in a hurry reads single fields instead. `nil` when the method
    /// is not a token.
    public var head: HTTPRequest? {
        guard let method = HTTPRequest.Method(method) else { return nil }
        return HTTPRequest(
            method: method, scheme: parameters["HTTPS"] == "on" ? "https" : "http",
            authority: parameters["HTTP_HOST"], path: target, headerFields: parameters.fields)
    }
}

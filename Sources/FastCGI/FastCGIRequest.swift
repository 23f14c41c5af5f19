public import HTTPTypes

/// A copy of a request that the web server has passed on to this server.
public struct FastCGIRequest: Sendable {
    /// The CGI meta-variables (RFC 3875, section 4.1) and the request's header fields.
    public let parameters: FastCGIParameters
    /// The request's content.
    ///
    /// Body, parameters and record headers together have at most 96 KiB.
    public let body: [UInt8]

    /// Creates a request with the given parameters and body.
    public init(parameters: FastCGIParameters, body: [UInt8]) {
        self.parameters = parameters
        self.body = body
    }

    /// The request's method as it was sent, with letter case preserved, or an empty string if the
    /// method is missing.
    public var method: String { parameters["REQUEST_METHOD"] ?? "" }

    /// The request's target as it was sent, which is the path and query, neither decoded nor
    /// normalised.
    ///
    /// `REQUEST_URI` is not in RFC 3875, but every web server that speaks FastCGI sends it.
    public var target: String { parameters["REQUEST_URI"] ?? "" }

    /// The value of a header field, or `nil` if the request has no field of that name.
    ///
    /// Web servers join repeated fields into one value. nginx before 1.23 passes them separately.
    /// In that case, the result is the value of the first field.
    public subscript(name: HTTPField.Name) -> String? { parameters.field(name) }

    /// The request's head with all header fields, or `nil` if the method is not a token.
    ///
    /// Each access builds a new value, so code on a hot path should read single fields instead.
    public var head: HTTPRequest? {
        guard let method = HTTPRequest.Method(method) else { return nil }
        return HTTPRequest(
            method: method, scheme: parameters["HTTPS"] == "on" ? "https" : "http",
            authority: parameters["HTTP_HOST"], path: target, headerFields: parameters.fields)
    }
}

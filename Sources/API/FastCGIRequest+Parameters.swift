import FastCGI

// The parameters that nginx sends besides the method, the target and the usual header fields, by
// their names in CGI (RFC 3875, section 4.1). `nginx/gatehouse/fastcgi.conf` lists them.
extension FastCGIRequest {
    /// The client's IP address; empty if it is unknown.
    var remoteAddress: String { parameters["REMOTE_ADDR"] ?? "" }

    /// The number that nginx gave the request, which is in the logs of both; `-` if it has none.
    var requestID: String { parameters["REQUEST_ID"] ?? "-" }

    /// The host and port of the request; empty if it names none.
    var host: String { parameters["HTTP_HOST"] ?? "" }

    /// True if the client reached nginx over TLS.
    var isSecure: Bool { parameters["HTTPS"].map { $0.utf8.elementsEqual("on".utf8) } ?? false }

    /// The field `Sec-Fetch-Site`, by which a browser says which site the request comes from; `nil`
    /// if it was not sent or is empty.
    var fetchSite: String? {
        parameters["HTTP_SEC_FETCH_SITE"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The field `Idempotency-Key`, by which a program marks the retries of one request.
    var idempotencyKey: String? { parameters["HTTP_IDEMPOTENCY_KEY"] }
}

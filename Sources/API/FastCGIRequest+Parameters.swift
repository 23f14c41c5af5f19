import FastCGI

// Parameters that nginx sends in addition to the method, the target and the common header fields.
// Their names are those of CGI (RFC 3875, section 4.1). `nginx/gatehouse/fastcgi.conf` lists them,
// except header fields of the client, which nginx adds as `HTTP_*` unless that file drops them.
extension FastCGIRequest {
    /// The client's IP address; empty if it is unknown.
    var remoteAddress: String { parameters["REMOTE_ADDR"] ?? "" }

    /// The ID that nginx gave the request; `-` if nginx gave none.
    ///
    /// Both nginx and Gatehouse write it to their logs.
    var requestID: String { parameters["REQUEST_ID"] ?? "-" }

    /// The host and port from the header field `Host`; empty if the field is missing.
    var host: String { parameters["HTTP_HOST"] ?? "" }

    /// True if the client reached nginx over TLS.
    var isSecure: Bool { parameters["HTTPS"].map { $0.utf8.elementsEqual("on".utf8) } ?? false }

    /// The header field `Sec-Fetch-Site`; `nil` if it is missing or empty.
    ///
    /// In this field, a browser states whether a page of this site or of another site made the
    /// request.
    var fetchSite: String? {
        parameters["HTTP_SEC_FETCH_SITE"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// True if a browser shows the response as a page, for example because it sent a form without
    /// JavaScript (https://www.w3.org/TR/fetch-metadata/#sec-fetch-mode-header).
    var isNavigation: Bool {
        parameters["HTTP_SEC_FETCH_MODE"].map { $0.utf8.elementsEqual("navigate".utf8) } ?? false
    }

    /// The header field `Idempotency-Key`, which a program repeats when it retries a request.
    var idempotencyKey: String? { parameters["HTTP_IDEMPOTENCY_KEY"] }
}

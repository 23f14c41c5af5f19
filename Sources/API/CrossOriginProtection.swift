import FastCGI
import HTTPTypes

/// Keeps pages of other origins from acting with what a browser sends along for them.
///
/// The table is that of Go's `http.CrossOriginProtection`: `Sec-Fetch-Site` decides where it was
/// sent (https://www.w3.org/TR/fetch-metadata/), else `Origin` (RFC 6454, section 7); a request
/// with neither is from no browser of today. It differs in two places: a request that carries no
/// cookie of ours passes, for then a page has nothing but what it knows itself; and an `Origin`
/// with `http` is not our own where we are asked by TLS.
struct CrossOriginProtection: Sendable {
    /// Origins that may act with the cookies, as browsers send them in `Origin`.
    let allowedOrigins: Set<String>

    /// Judges a request.
    ///
    /// - Throws: `APIError.crossOrigin`.
    func check(_ call: RequestContext, on route: Route) throws(APIError) {
        // HEAD is matched by GET's route, and OPTIONS by none: what is left is unsafe.
        guard route.method != "GET", isFromElsewhere(call.request) else { return }
        // A login carries no cookie yet: a form on any page could sign its reader in to an account
        // that the page knows, for in a navigation a browser takes SameSite=Strict cookies. Every
        // browser of today says so; `Origin` alone may be a program's.
        guard call.carriesToken || route.isLogin && call.request.fetchSite != nil else { return }
        throw .crossOrigin
    }

    private func isFromElsewhere(_ request: FastCGIRequest) -> Bool {
        let origin = request[.origin] ?? ""
        switch FetchSite(request.fetchSite) {
        case .ours: return false
        case .unknown where origin.isEmpty || isOurs(origin, in: request): return false
        case .unknown, .elsewhere: return !isAllowed(origin)
        }
    }

    private func isOurs(_ origin: String, in request: FastCGIRequest) -> Bool {
        let host = request.parameters["HTTP_HOST"] ?? ""
        let isSecure = request.parameters["HTTPS"].map { $0.utf8.elementsEqual("on".utf8) } ?? false
        // Without TLS on our side there may still be some before nginx.
        let schemes = isSecure ? ["https://"] : ["https://", "http://"]
        return !host.isEmpty && schemes.contains { origin.utf8.elementsEqual("\($0)\(host)".utf8) }
    }

    /// `null` and an empty origin are never on the list, which has schemes and hosts.
    private func isAllowed(_ origin: String) -> Bool {
        // By bytes: a set's lookup would normalise what was sent.
        allowedOrigins.contains { $0.utf8.elementsEqual(origin.utf8) }
    }
}

/// What `Sec-Fetch-Site` says.
private enum FetchSite {
    /// Our own page, or a person who typed or bookmarked the address.
    case ours
    /// Another origin, or a word of a later version of the specification.
    case elsewhere
    /// The field was not sent.
    case unknown

    init(_ value: String?) {
        guard let value else {
            self = .unknown
            return
        }
        let own = ["same-origin", "none"]
        self = own.contains { $0.utf8.elementsEqual(value.utf8) } ? .ours : .elsewhere
    }
}

extension FastCGIRequest {
    /// What `Sec-Fetch-Site` says; `nil` where it was not sent, or empty.
    var fetchSite: String? {
        parameters["HTTP_SEC_FETCH_SITE"].flatMap { $0.isEmpty ? nil : $0 }
    }
}

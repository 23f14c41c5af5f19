import FastCGI
import HTTPTypes

/// Refuses requests that a page of another origin makes with the cookies of this origin.
///
/// The rules are those of Go's `http.CrossOriginProtection`. If the request has `Sec-Fetch-Site`
/// (https://www.w3.org/TR/fetch-metadata/), that field decides. Otherwise `Origin` decides
/// (RFC 6454, section 7). A request with neither field does not come from a current browser, so it
/// is accepted. There are two differences from Go's rules. First, a request without one of our
/// cookies carries only what the page itself knows, so it is accepted unless its route is open
/// (`usesOpenRoute`). Second, an `Origin` with the scheme `http` is not ours if the client reached
/// us over TLS.
struct CrossOriginProtection: Sendable {
    /// What `Sec-Fetch-Site` states about the origin of a request.
    private enum FetchSite {
        /// The request was made by our own page, or by a person who typed the address or opened a
        /// bookmark.
        case ours
        /// The request was made by a page of another origin, or the value is unknown to this
        /// server.
        ///
        /// A later version of the specification may define such a value.
        case elsewhere
        /// The field was not sent.
        case unknown

        init(_ value: String?) {
            guard let value else {
                self = .unknown
                return
            }
            let ours = ["same-origin", "none"]
            self = ours.contains { $0.utf8.elementsEqual(value.utf8) } ? .ours : .elsewhere
        }
    }

    /// Other origins whose pages may use the cookies, written as browsers send them in `Origin`.
    let allowedOrigins: Set<String>

    /// Refuses a request that can change something and comes from a page of another origin.
    ///
    /// - Throws: `APIError.crossOrigin` if the request is refused.
    func check(_ context: RequestContext, on route: Route) throws(APIError) {
        // HEAD matches the route of GET, and OPTIONS matches no route. All other methods are
        // unsafe.
        guard route.method != "GET", isFromElsewhere(context.request) else { return }
        guard context.carriesToken || usesOpenRoute(context.request, on: route) else { return }
        throw .crossOrigin
    }

    /// True if a browser may have sent a request to a route that acts without a cookie.
    ///
    /// Such routes need protection too: login and refresh set cookies, a logout clears them, and
    /// signup makes an account. Without protection, a form on any page could sign a visitor in to
    /// an account whose password or refresh token the page knows, because a browser stores
    /// SameSite=Strict cookies from the response to another site's form.
    ///
    /// Every current browser sends `Sec-Fetch-Site`. An older browser sends only `Origin`, as some
    /// programs do. Of the requests without `Sec-Fetch-Site`, only forms are refused, because a
    /// browser sends JSON to another origin only after nginx has allowed the origin of the page
    /// (https://fetch.spec.whatwg.org/#cors-preflight-fetch).
    private func usesOpenRoute(_ request: FastCGIRequest, on route: Route) -> Bool {
        route.isOpen && (request.fetchSite != nil || RequestBody.isForm(request))
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
        let host = request.host
        // If the client reached nginx without TLS, accept both schemes, because a proxy in front of
        // nginx may use TLS.
        let schemes = request.isSecure ? ["https://"] : ["https://", "http://"]
        return !host.isEmpty && schemes.contains { origin.utf8.elementsEqual("\($0)\(host)".utf8) }
    }

    /// True if the origin is in the list of allowed origins.
    ///
    /// `null` and an empty origin are never allowed, because each origin in the list has a scheme
    /// and a host.
    private func isAllowed(_ origin: String) -> Bool {
        // Compare bytes, because a lookup in the set would normalize the string that the client
        // sent.
        allowedOrigins.contains { $0.utf8.elementsEqual(origin.utf8) }
    }
}

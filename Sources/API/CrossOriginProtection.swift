import FastCGI
import HTTPTypes

/// Refuses requests that a page of another origin makes with the cookies of this one.
///
/// The rules are those of Go's `http.CrossOriginProtection`: `Sec-Fetch-Site` decides if it was
/// sent (https://www.w3.org/TR/fetch-metadata/), else `Origin` (RFC 6454, section 7); a request
/// with neither does not come from a current browser. There are two differences: a request without
/// one of our cookies is accepted, because the page then has nothing but what it knows itself; and
/// an `Origin` with `http` is not ours if the client reached us over TLS.
struct CrossOriginProtection: Sendable {
    /// The meaning of `Sec-Fetch-Site` for this site.
    private enum FetchSite {
        /// Our own page, or a person who typed the address or opened a bookmark.
        case ours
        /// Another origin, or a value that a later version of the specification defines.
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

    /// Origins that may use the cookies, as browsers send them in `Origin`.
    let allowedOrigins: Set<String>

    /// Checks a request.
    ///
    /// - Throws: `APIError.crossOrigin`.
    func check(_ context: RequestContext, on route: Route) throws(APIError) {
        // HEAD matches the route of GET, and OPTIONS matches none: all other methods are unsafe.
        guard route.method != "GET", isFromElsewhere(context.request) else { return }
        // A login carries no cookie yet. Without this check, a form on any page could sign its
        // reader in to an account that the page knows, since a browser accepts SameSite=Strict
        // cookies in a navigation. Every current browser sends Sec-Fetch-Site; a request with
        // `Origin` alone may come from a program.
        guard context.carriesToken || route.isLogin && context.request.fetchSite != nil else {
            return
        }
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
        let host = request.host
        // Without TLS here, a proxy in front of nginx may still use it.
        let schemes = request.isSecure ? ["https://"] : ["https://", "http://"]
        return !host.isEmpty && schemes.contains { origin.utf8.elementsEqual("\($0)\(host)".utf8) }
    }

    /// `null` and an empty origin are never on the list, which has schemes and hosts.
    private func isAllowed(_ origin: String) -> Bool {
        // Compared by bytes: a lookup in the set would normalize what the client sent.
        allowedOrigins.contains { $0.utf8.elementsEqual(origin.utf8) }
    }
}

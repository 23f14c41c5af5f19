import Settings

/// Checks of the header fields of responses.
extension Check {
    static let headers = [
        Check("headers-missing", missingHeaders),
        Check("hsts-missing", missingHSTS),
        Check("request-id-missing", missingRequestID),
        Check("cookie-attributes", unprotectedCookies),
    ]

    private static func missingHeaders(_ installation: Installation) throws -> [Finding] {
        let health = try responding(installation).health
        let expected = [
            "content-security-policy", "cross-origin-opener-policy", "cross-origin-resource-policy",
            "referrer-policy", "x-content-type-options", "x-frame-options",
        ]
        let missing = expected.filter { health.header($0) == nil }
        guard !missing.isEmpty else { return [] }
        return [
            .error(
                "Responses lack these security headers: \(missing.joined(separator: ", ")).",
                why: "They make browsers protect users against attacks from other sites. A likely "
                    + "cause: an nginx location that has an add_header of its own does not "
                    + "inherit those of its server block.",
                cure: restoreShipped)
        ]
    }

    private static func missingHSTS(_ installation: Installation) throws -> [Finding] {
        let health = try responding(installation).health
        guard health.header("strict-transport-security") == nil else { return [] }
        return [
            .warning(
                "Responses lack the header Strict-Transport-Security (HSTS).",
                why: "Someone who types the address without https:// can be intercepted.",
                cure: "set a max-age in \(settingsFolder(installation))/hsts.conf, \(reloadNginx)")
        ]
    }

    private static func missingRequestID(_ installation: Installation) throws -> [Finding] {
        let health = try responding(installation).health
        guard health.header("x-request-id") == nil else { return [] }
        return [
            .warning(
                "Responses lack the header X-Request-Id.",
                why: "When a person reports an error, its lines in the logs cannot be found "
                    + "without that id.",
                cure: restoreShipped)
        ]
    }

    private static func unprotectedCookies(_ installation: Installation) throws -> [Finding] {
        let client = try responding(installation)
        let responses = [client.health, try emptyLogin(client)]
        let cookies = responses.flatMap(\.headers).filter { $0.name == "set-cookie" }.map(\.value)
        let unprotected = cookies.filter { cookie in
            let attributes = cookie.lowercased()
            return !["secure", "httponly", "samesite="].allSatisfy {
                attributes.contains("; \($0)")
            }
        }
        // Only the names of the cookies are printed, since their values may be confidential.
        let names = Set(unprotected.map { $0.prefix { $0 != "=" } }).sorted()
        guard !names.isEmpty else { return [] }
        return [
            .error(
                "Of the attributes Secure, HttpOnly and SameSite, one or more are missing from the "
                    + "cookie \(names.map { String($0).quoted }.joined(separator: " and the cookie ")).",
                why: "Scripts, connections without TLS or other sites can use it. The cookies "
                    + "that Gatehouse sets have all three.",
                cure: "grep -rn Set-Cookie /etc/nginx, to find what sets it; then add the "
                    + "missing attributes there")
        ]
    }
}

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
                cure: "nginx -T | grep -nE 'configuration file|add_header' shows every add_header "
                    + "and its file; delete the add_header lines that were added to a location of "
                    + "this site. If there are none, " + restoreShipped)
        ]
    }

    private static func missingHSTS(_ installation: Installation) throws -> [Finding] {
        let health = try responding(installation).health
        guard health.header("strict-transport-security") == nil else { return [] }
        return [
            .warning(
                "Responses lack the header Strict-Transport-Security (HSTS).",
                why:
                    "The connection of someone who types the address without https:// can be intercepted.",
                cure: "set a max-age in \(settingsFolder(installation))/hsts.conf, as its comment "
                    + "shows, \(reloadNginx)")
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
        // Only the names of the cookies are printed, since their values may be confidential.
        let lacking = Set(cookies.compactMap(missingAttributes)).sorted()
        guard !lacking.isEmpty else { return [] }
        return [
            .error(
                "A cookie lacks attributes: \(lacking.joined(separator: "; ")).",
                why: "Secure keeps a cookie from connections without TLS, HttpOnly from scripts, "
                    + "and SameSite from requests of other sites. The cookies that Gatehouse sets "
                    + "have all three.",
                cure: "grep -rn Set-Cookie /etc/nginx/ finds the line that sets the cookie; add "
                    + "the missing attributes there, \(reloadNginx)")
        ]
    }
    /// Returns the name of a cookie and the attributes that it lacks, as text; `nil` if it has all
    /// three attributes.
    private static func missingAttributes(_ cookie: String) -> String? {
        let attributes = cookie.lowercased()
        let missing = ["Secure", "HttpOnly", "SameSite"].filter { name in
            !attributes.contains("; \(name.lowercased())")
        }
        guard !missing.isEmpty else { return nil }
        let name = String(cookie.prefix { $0 != "=" }).quoted
        return "\(name) has no \(missing.joined(separator: ", no "))"
    }
}

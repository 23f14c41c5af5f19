import Settings

/// Checks that the allowed origins belong to the same site as the API.
extension Check {
    static let crossOrigin = [Check("origin-cross-site", crossSiteOrigin)]

    private static func crossSiteOrigin(_ installation: Installation) throws -> [Finding] {
        let origins = try installation.allowedOrigins
        guard !origins.isEmpty else { return [] }
        let host = try installation.webAddress.host
        let list = PublicSuffixList()
        return origins.compactMap { origin in
            let other = WebAddress.parts(of: origin).host
            // The scheme is part of the site: http and https are two sites even with one host.
            guard !origin.hasPrefix("https://") || !list.areSameSite(host, other) else {
                return nil
            }
            return .error(
                "The allowed origin \(origin.escaped) belongs to another site than "
                    + "https://\(host.escaped).",
                why: "Browsers do not send Gatehouse's SameSite=Strict cookies from pages of "
                    + "another site, so no one can stay signed in there.",
                cure: "serve the page over https under the API's registered domain, such as "
                    + "app.example.com beside www.example.com, or let the page's own web server "
                    + "proxy /api to this one")
        }
    }
}

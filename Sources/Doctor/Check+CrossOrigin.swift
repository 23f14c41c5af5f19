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
            // The scheme is part of the site, so http and https on the same host are two sites.
            guard !origin.hasPrefix("https://") || !list.areSameSite(host, other) else {
                return nil
            }
            return .error(
                "The allowed origin \(origin.escaped) is not on the same site as "
                    + "https://\(host.escaped). Both need https and the same registered domain, "
                    + "such as app.example.org and login.example.org.",
                why: "Browsers do not send Gatehouse's SameSite=Strict cookies with requests "
                    + "from another site, so no one can stay signed in at that origin.",
                cure: "serve its pages over https under a name with the same registered domain "
                    + "as \(host.escaped), or let the web server of its pages proxy /api to "
                    + "https://\(host.escaped)")
        }
    }
}

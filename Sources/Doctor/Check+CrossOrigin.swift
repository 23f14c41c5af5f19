import Settings

/// The hosts of allowed pages, which must be of one site with the API's.
extension Check {
    static let crossOrigin = [Check("origin-cross-site", crossSiteOrigin)]

    private static func crossSiteOrigin(_ installation: Installation) throws -> [Finding] {
        let origins = try installation.allowedOrigins
        guard !origins.isEmpty else { return [] }
        let host = try installation.webAddress.host
        return try origins.compactMap { origin in
            let other = WebAddress.parts(of: origin).host
            // One host needs no list. Schemes count as well: http and https are two sites.
            let isSecure = origin.hasPrefix("https://")
            if isSecure, other == host { return nil }
            if isSecure, try suffixes().areSameSite(host, other) { return nil }
            return .error(
                "\(origin.escaped) is another site than https://\(host.escaped).",
                why: "Browsers do not send SameSite=Strict cookies from its pages: "
                    + "nobody stays signed in there.",
                cure: "serve the page by https under the same registered domain as the API, "
                    + "or let its own server pass /api on")
        }
    }

    private static func suffixes() throws -> PublicSuffixes {
        do throws(FileError) {
            let list = try File.read(PublicSuffixes.installed, atMost: 4 << 20)
            return PublicSuffixes(String(decoding: list.bytes, as: UTF8.self))
        } catch {
            throw Skipped("\(PublicSuffixes.installed) \(error); apt install publicsuffix")
        }
    }
}

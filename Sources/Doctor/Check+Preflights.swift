import Settings

/// Checks that CORS preflights are granted to allowed origins, and to no others.
extension Check {
    static let preflights = [
        Check("cors-allowed", refusedOrigin),
        Check("cors-foreign", admittedOrigin),
    ]

    private static func preflight(
        _ client: SiteClient, from origin: String
    ) throws -> HTTPResponse {
        do {
            return try client.send(
                "OPTIONS", "/api/auth/login",
                [
                    "--header", "Origin: \(origin)",
                    "--header", "Access-Control-Request-Method: POST",
                    "--header", "Access-Control-Request-Headers: content-type",
                ])
        } catch let failure as SiteClient.Failure {
            throw Skipped("a CORS preflight gets no response: \(failure.message)")
        }
    }

    private static func refusedOrigin(_ installation: Installation) throws -> [Finding] {
        let client = try responding(installation)
        return try installation.allowedOrigins.prefix(20).compactMap { origin in
            let response = try preflight(client, from: origin)
            guard
                response.header("access-control-allow-origin") != origin
                    || response.header("access-control-allow-credentials") != "true"
                    || !(200...299).contains(response.status)
            else { return nil }
            return .error(
                "nginx refuses the CORS preflight of \(origin.escaped), although "
                    + "GATEHOUSE_ALLOWED_ORIGINS allows that origin.",
                why: "Browsers do not let pages of that origin call the API.",
                cure:
                    "add the origin to \(settingsFolder(installation))/origins.conf, as its comment "
                    + "shows, \(reloadNginx)")
        }
    }

    private static func admittedOrigin(_ installation: Installation) throws -> [Finding] {
        let foreign = "https://gatehouse-doctor.invalid"
        let response = try preflight(try responding(installation), from: foreign)
        let granted = response.header("access-control-allow-origin")
        guard granted == foreign || granted == "*" else { return [] }
        return [
            .error(
                "nginx grants the CORS preflight of an origin that is not allowed "
                    + "(\(foreign), tried as an example).",
                why: "Browsers then let pages of any site read the API's responses.",
                cure: "in \(settingsFolder(installation))/origins.conf, remove the wildcard, "
                    + "pattern or variable that matches every origin, \(reloadNginx)")
        ]
    }
}

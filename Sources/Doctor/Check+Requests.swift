import JSON
import Settings

/// Requests through nginx, as a browser sends them. None of them changes anything.
extension Check {
    static let requests = [
        Check("site-unreachable", unreachableSite),
        Check("site-answer", wrongAnswer),
        Check("login-answer", wrongLogin),
        Check("headers-missing", missingHeaders),
        Check("hsts-missing", missingHSTS),
        Check("request-id-missing", missingRequestID),
        Check("cookie-attributes", looseCookies),
        Check("cors-allowed", refusedOrigin),
        Check("cors-foreign", admittedOrigin),
        Check("redirect-missing", missingRedirect),
    ]

    private static let replace =
        "put nginx's gatehouse/server and gatehouse/http back as shipped, "
        + "then nginx -t && systemctl reload nginx"

    /// The way through nginx; nil where there is no answer, which has a look of its own.
    static func front(_ installation: Installation) throws -> SiteClient? {
        do {
            return try installation.front.get()
        } catch is SiteClient.Failure {
            throw Skipped("the site does not answer")
        }
    }

    private static func unreachableSite(_ installation: Installation) throws -> [Finding] {
        do {
            _ = try installation.front.get()
            return []
        } catch let failure as SiteClient.Failure {
            let address = try installation.webAddress
            return [
                .error(
                    "\(address) does not answer: \(failure.complaint).",
                    why: failure.isOfTLS
                        ? "TLS is refused: no browser gets further."
                        : "nginx does not run, or does not listen there.",
                    cure: "systemctl restart nginx; journalctl -u nginx -n 20")
            ]
        }
    }

    private static func wrongAnswer(_ installation: Installation) throws -> [Finding] {
        guard let health = try front(installation)?.health, health.status != 200 else { return [] }
        let isGateway = (502...504).contains(health.status)
        return [
            .error(
                "/health is answered with \(health.status).",
                why: isGateway
                    ? "nginx does not reach the server."
                    : "Something else than Gatehouse answers there.",
                cure: isGateway
                    ? "systemctl restart \(installation.unit).service; "
                        + "tail /var/log/nginx/error.log"
                    : "nginx -T, to see which server is called that; or --site")
        ]
    }

    /// A front where Gatehouse answers; nothing can be said of its answers elsewhere.
    private static func answering(_ installation: Installation) throws -> SiteClient {
        guard let front = try front(installation), front.health.status == 200 else {
            throw Skipped("Gatehouse does not answer through nginx")
        }
        return front
    }

    /// A login without a name and a password, which is refused before it counts as one.
    private static func emptyLogin(_ front: SiteClient) throws -> SiteClient.Response {
        do {
            return try front.ask(
                "POST", "/api/auth/login",
                ["--header", "Content-Type: application/json", "--data", "{}"])
        } catch let failure as SiteClient.Failure {
            throw Skipped("a login is not answered: \(failure.complaint)")
        }
    }

    private static func wrongLogin(_ installation: Installation) throws -> [Finding] {
        let answer = try emptyLogin(try answering(installation))
        guard answer.status != 429 else { throw Skipped("too many logins from this machine") }
        let body = Array(answer.body.utf8)
        let code = try? JSONObject(body.span)["statusCode"]?.integer
        guard answer.status != 400 || code != 400 else { return [] }
        return [
            .error(
                "A login without a name is answered with \(answer.status), "
                    + "not with Gatehouse's 400.",
                why: "Logins do not reach the server, or their answers do not reach the browser.",
                cure: replace)
        ]
    }

    private static func missingHeaders(_ installation: Installation) throws -> [Finding] {
        let health = try answering(installation).health
        let expected = [
            "content-security-policy", "cross-origin-opener-policy", "cross-origin-resource-policy",
            "referrer-policy", "x-content-type-options", "x-frame-options",
        ]
        let missing = expected.filter { health.header($0) == nil }
        guard !missing.isEmpty else { return [] }
        return [
            .error(
                "Answers come without \(missing.joined(separator: ", ")).",
                why: "Browsers then allow other sites more than they should. "
                    + "A location with an add_header of its own loses all others.",
                cure: replace)
        ]
    }

    private static func missingHSTS(_ installation: Installation) throws -> [Finding] {
        let health = try answering(installation).health
        guard health.header("strict-transport-security") == nil else { return [] }
        return [
            .warning(
                "Answers come without Strict-Transport-Security.",
                why: "Who types the name without https can be led astray on the way.",
                cure: "a max-age in nginx's gatehouse/settings/hsts.conf, "
                    + "then nginx -t && systemctl reload nginx")
        ]
    }

    private static func missingRequestID(_ installation: Installation) throws -> [Finding] {
        let health = try answering(installation).health
        guard health.header("x-request-id") == nil else { return [] }
        return [
            .warning(
                "Answers come without X-Request-Id.",
                why: "Nobody finds what went wrong for a person in the logs.", cure: replace)
        ]
    }

    private static func looseCookies(_ installation: Installation) throws -> [Finding] {
        let front = try answering(installation)
        let answers = [front.health, try emptyLogin(front)]
        let cookies = answers.flatMap(\.headers).filter { $0.name == "set-cookie" }.map(\.value)
        let loose = cookies.filter { cookie in
            let attributes = cookie.lowercased()
            return !["secure", "httponly", "samesite="].allSatisfy {
                attributes.contains("; \($0)")
            }
        }
        // What is before the first sign of equality is a name; the value stays unsaid.
        let names = Set(loose.map { $0.prefix { $0 != "=" } }).sorted()
        guard !names.isEmpty else { return [] }
        return [
            .error(
                "The cookie \(names.joined(separator: ", ").escaped) is set without "
                    + "Secure, HttpOnly and SameSite.",
                why:
                    "Scripts, plain http or other sites can use it. Gatehouse's own have all three.",
                cure: "grep -rn Set-Cookie /etc/nginx, to see who sets it")
        ]
    }

    private static func preflight(_ front: SiteClient, from origin: String) throws
        -> SiteClient.Response
    {
        do {
            return try front.ask(
                "OPTIONS", "/api/auth/login",
                [
                    "--header", "Origin: \(origin)",
                    "--header", "Access-Control-Request-Method: POST",
                    "--header", "Access-Control-Request-Headers: content-type",
                ])
        } catch let failure as SiteClient.Failure {
            throw Skipped("a preflight is not answered: \(failure.complaint)")
        }
    }

    private static func refusedOrigin(_ installation: Installation) throws -> [Finding] {
        let front = try answering(installation)
        return try installation.allowedOrigins.prefix(20).compactMap { origin in
            let answer = try preflight(front, from: origin)
            guard
                answer.header("access-control-allow-origin") != origin
                    || answer.header("access-control-allow-credentials") != "true"
                    || !(200...299).contains(answer.status)
            else { return nil }
            return .error(
                "A preflight from \(origin.escaped), which is allowed, is not granted.",
                why: "Browsers do not let its pages call the API.",
                cure: "nginx's gatehouse/settings/origins.conf needs it; "
                    + "then nginx -t && systemctl reload nginx")
        }
    }

    private static func admittedOrigin(_ installation: Installation) throws -> [Finding] {
        let foreign = "https://gatehouse-doctor.invalid"
        let answer = try preflight(try answering(installation), from: foreign)
        let granted = answer.header("access-control-allow-origin")
        guard granted == foreign || granted == "*" else { return [] }
        return [
            .error(
                "A preflight from an origin that nobody has allowed is granted.",
                why: "Pages of any site can read what the API says to their readers' browsers.",
                cure: "list the origins in nginx's gatehouse/settings/origins.conf one by one; "
                    + "then nginx -t && systemctl reload nginx")
        ]
    }

    private static func missingRedirect(_ installation: Installation) throws -> [Finding] {
        guard let address = try front(installation)?.address else { return [] }
        let site = try installation.site.get()
        let missing = Finding.warning(
            "Plain http to \(address.host.escaped) does not lead to \(address).",
            why: "Who types the name without https sees nothing, or something else.",
            cure: "put nginx's gatehouse/settings/redirect.conf back, "
                + "then nginx -t && systemctl reload nginx")
        guard let plain = site.plain else { return address.port == 443 ? [missing] : [] }
        let url = "http://\(address.host)" + (plain.port == 80 ? "" : ":\(plain.port)") + "/"
        do {
            let answer = try SiteClient.askPlainly(url, at: plain)
            let target = answer.header("location") ?? ""
            let leads = (300...399).contains(answer.status) && target.hasPrefix("https://")
            return leads ? [] : [missing]
        } catch is SiteClient.Failure {
            return [missing]
        }
    }
}

import JSON
import Settings

/// Checks that send requests through nginx, as a browser does.
///
/// None of these checks changes any data.
extension Check {
    static let requests =
        [
            Check("site-unreachable", unreachableSite),
            Check("site-slow", slowSite),
            Check("site-answer", wrongHealth),
            Check("login-answer", wrongLogin),
        ] + responses + headers + preflights + [Check("redirect-missing", missingRedirect)]

    static let reloadNginx = "then nginx -t && systemctl reload nginx"

    /// Returns the command that writes the site's name, certificate and web root into nginx's
    /// settings.
    static func setUpSite(_ installation: Installation, _ host: String? = nil) -> String {
        let name = installation.choices.instance.map { " --name \($0.asShellWord)" } ?? ""
        return "gatehouse site \(host?.asShellWord ?? "HOST")\(name)"
    }

    static let restoreShipped =
        "dpkg --verify gatehouse lists the files that differ from the package; undo the changes to "
        + "those in /etc/nginx/gatehouse/server and /etc/nginx/gatehouse/http, " + reloadNginx

    /// Returns the client of the site, which has already requested `/health`.
    ///
    /// - Throws: `Skipped` if there was no response; the check `site-unreachable` reports this.
    static func client(_ installation: Installation) throws -> SiteClient? {
        do {
            return try installation.client.get()
        } catch is SiteClient.Failure {
            throw Skipped("the site does not respond")
        }
    }

    private static func unreachableSite(_ installation: Installation) throws -> [Finding] {
        do {
            _ = try installation.client.get()
            return []
        } catch let failure as SiteClient.Failure where !failure.isTimeout {
            let address = try installation.webAddress
            return [
                .error(
                    "\(address) does not respond: \(failure.message).",
                    why: failure.isOfTLS
                        ? "nginx accepts the connection, but TLS fails, so no browser can load "
                            + "the page."
                        : "nginx is not running, or does not listen on that port.",
                    cure: "systemctl restart nginx; journalctl -u nginx -n 20")
            ]
        } catch is SiteClient.Failure {
            return []
        }
    }

    private static func slowSite(_ installation: Installation) throws -> [Finding] {
        do {
            _ = try installation.client.get()
            return []
        } catch let failure as SiteClient.Failure where failure.isTimeout {
            let address = try installation.webAddress
            return [
                .error(
                    "\(address) accepts connections, but did not respond within 10 s.",
                    why: "Most likely nginx waits for the Gatehouse server behind it.",
                    cure: "systemctl restart \(installation.unit).service; "
                        + "journalctl -u \(installation.unit) -n 20")
            ]
        } catch is SiteClient.Failure {
            return []
        }
    }

    private static func wrongHealth(_ installation: Installation) throws -> [Finding] {
        guard let client = try client(installation), client.health.status != 200 else {
            return []
        }
        let isGateway = (502...504).contains(client.health.status)
        return [
            .error(
                "\(client.address)/health responds with status \(client.health.status), not 200.",
                why: isGateway
                    ? "nginx cannot reach the Gatehouse server behind it."
                    : "Probably another program, or another server block of nginx, responds there.",
                cure: isGateway
                    ? "systemctl restart \(installation.unit).service; "
                        + "tail /var/log/nginx/error.log"
                    : "run nginx -T, find the server block whose server_name has that host, and "
                        + "make it include Gatehouse's site; if the address is wrong, run the "
                        + "doctor again with --site and the right one")
        ]
    }

    /// Returns the client if Gatehouse responds through nginx.
    ///
    /// - Throws: `Skipped` if Gatehouse does not respond. Any response then comes from another
    ///   program and needs no check.
    static func responding(_ installation: Installation) throws -> SiteClient {
        guard let client = try client(installation), client.health.status == 200 else {
            throw Skipped("Gatehouse does not respond through nginx")
        }
        return client
    }

    /// Sends a login request without an e-mail address and a password.
    ///
    /// Such a request does not count as a login attempt.
    static func emptyLogin(_ client: SiteClient) throws -> HTTPResponse {
        do {
            return try client.send(
                "POST", "/api/auth/login",
                ["--header", "Content-Type: application/json", "--data", "{}"])
        } catch let failure as SiteClient.Failure {
            throw Skipped("a login gets no response: \(failure.message)")
        }
    }

    private static func wrongLogin(_ installation: Installation) throws -> [Finding] {
        let response = try emptyLogin(try responding(installation))
        guard response.status != 429 else {
            throw Skipped("nginx limits the rate of logins from this machine; try again later")
        }
        let body = Array(response.body.utf8)
        let code = try? JSONObject(body.span)["statusCode"]?.integer
        guard response.status != 400 || code != 400 else { return [] }
        return [
            .error(
                "A test login with empty fields got a response with status \(response.status). "
                    + "Gatehouse would refuse it with status 400.",
                why: "Logins do not reach the server, or its responses do not reach the browser.",
                cure: (502...504).contains(response.status)
                    ? "systemctl restart \(installation.unit).service; "
                        + "tail /var/log/nginx/error.log"
                    : restoreShipped)
        ]
    }

    private static func missingRedirect(_ installation: Installation) throws -> [Finding] {
        guard let address = try client(installation)?.address else { return [] }
        let site = try installation.site.get()
        let missing = Finding.warning(
            "http://\(address.host.escaped) does not redirect to \(address).",
            why: "Someone who types the address without https:// gets an error or another page.",
            cure:
                "copy /usr/share/gatehouse/nginx/settings/redirect.conf to "
                + "\(settingsFolder(installation))/redirect.conf; its server block for port 80 "
                + "needs the line `return 308 \(address)$request_uri;`, \(reloadNginx)")
        guard let plain = site.plain else { return address.port == 443 ? [missing] : [] }
        let url = "http://\(address.host)" + (plain.port == 80 ? "" : ":\(plain.port)") + "/"
        do {
            let response = try SiteClient.sendPlain(url, to: plain)
            let target = response.header("location") ?? ""
            let redirects = (300...399).contains(response.status) && target.hasPrefix("https://")
            return redirects ? [] : [missing]
        } catch is SiteClient.Failure {
            return [missing]
        }
    }
}

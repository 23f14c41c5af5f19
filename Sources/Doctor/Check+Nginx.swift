import Settings

/// Checks that nginx accepts its configuration, and that this configuration contains Gatehouse's
/// site and agrees with Gatehouse's settings.
extension Check {
    static let nginx = [
        Check("nginx-missing", missingNginx),
        Check("nginx-configuration", rejectedConfiguration),
        Check("site-not-enabled", missingSite),
        Check("site-name-taken", takenName),
        Check("nginx-socket", wrongSocket),
        Check("nginx-origins", differentOrigins),
        Check("cookies-hidden", hiddenCookies),
    ]

    /// The folder of nginx's settings for the site.
    static func settingsFolder(_ installation: Installation) -> String {
        "/etc/nginx/\(installation.unit)/settings"
    }

    private static let reload = "nginx -t && systemctl reload nginx"

    private static func missingNginx(_ installation: Installation) -> [Finding] {
        guard ChildProcess.find(installation.choices.nginx) == nil else { return [] }
        return [
            .error(
                "nginx is not installed: there is no program "
                    + "\(installation.choices.nginx.escaped).",
                why: "Gatehouse speaks FastCGI, which browsers do not, so no request reaches it "
                    + "without nginx.",
                cure: "apt install nginx; if it is installed elsewhere, give its path with --nginx")
        ]
    }

    private static func rejectedConfiguration(_ installation: Installation) throws -> [Finding] {
        let dump = try installation.nginxDump.get()
        guard !dump.isAccepted else { return [] }
        let lines = dump.messages.split(separator: "\n")
        let line = lines.first { $0.contains("[emerg]") } ?? lines.last ?? "no reason given"
        return [
            .error(
                "nginx rejects its configuration: \(String(line).escaped).",
                why: "A running nginx keeps its old configuration, and nginx will not start again "
                    + "once it is stopped.",
                cure: "nginx -t, then correct the file and line that it names")
        ]
    }

    private static func missingSite(_ installation: Installation) throws -> [Finding] {
        let configuration = try installation.nginxConfiguration.get()
        let found = NginxSite.find(
            in: configuration, address: try? installation.address, choices: installation.choices)
        guard found == nil else { return [] }
        return [
            .error(
                "No server block in nginx's configuration passes requests to Gatehouse.",
                why: "Gatehouse's site is not enabled in nginx, so no one can reach the page or "
                    + "the API.",
                cure: "\(setUpSite(installation)), then \(reload)")
        ]
    }

    private static func takenName(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        let messages = try installation.nginxDump.get().messages
        let taken =
            site.names.first {
                messages.contains("conflicting server name \"\($0)\"")
            } ?? site.rival.flatMap { rival in site.names.first { rival.names.contains($0) } }
        guard let taken else { return [] }
        return [
            .error(
                "Two server blocks in nginx's configuration have the same server_name, "
                    + "\(taken.escaped).",
                why: "nginx uses only one of them for a request: the one that listens on the more "
                    + "specific address, or else the one that it reads first. So Gatehouse may "
                    + "receive no requests.",
                cure: "nginx -T | grep -nE 'configuration file|server_name' shows both and their "
                    + "files; remove or rename the server block that is not Gatehouse's, then "
                    + reload)
        ]
    }

    private static func wrongSocket(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        guard let target = try installation.address.nginxTarget else {
            throw Skipped("the server inherits its socket, so the socket's address is not known")
        }
        let others = site.misdirectedBackends(from: target).sorted()
        guard !others.isEmpty else { return [] }
        return [
            .error(
                "nginx passes requests to \(others.joined(separator: ", ").escaped), "
                    + "but the server listens on \(target.escaped).",
                why: "Requests fail with status 502, or another server responds to them.",
                cure: "write `server \(target);` into \(settingsFolder(installation))/socket.conf, "
                    + "then \(reload); or change GATEHOUSE_LISTEN")
        ]
    }

    private static func differentOrigins(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        let ours = Set(try installation.allowedOrigins)
        guard let nginx = site.origins else {
            throw Skipped("nginx decides about origins by a rule that the doctor cannot read")
        }
        let missingInNginx = ours.subtracting(nginx).sorted().map { origin in
            Finding.error(
                "The origin \(origin.escaped) is in GATEHOUSE_ALLOWED_ORIGINS, but not in nginx's "
                    + "list of origins.",
                why: "Browsers do not let pages of that origin read any response of the API.",
                cure: "write `\"\(origin)\" \"\(origin)\";` into "
                    + "\(settingsFolder(installation))/origins.conf, then \(reload)")
        }
        let missingInSettings = nginx.subtracting(ours).sorted().map { origin in
            Finding.error(
                "The origin \(origin.escaped) is in nginx's list of origins, but not in "
                    + "GATEHOUSE_ALLOWED_ORIGINS.",
                why: "Gatehouse refuses logins and changes from pages of that origin with status "
                    + "403.",
                cure: "add it to GATEHOUSE_ALLOWED_ORIGINS: " + edit(installation))
        }
        return missingInNginx + missingInSettings
    }

    private static func hiddenCookies(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        let hiding = (site.server.all("fastcgi_hide_header") + site.http.own("fastcgi_hide_header"))
            .contains { $0.arguments.first?.lowercased() == "set-cookie" }
        guard hiding else { return [] }
        return [
            .error(
                "nginx removes Set-Cookie from the server's responses, because of the directive "
                    + "fastcgi_hide_header Set-Cookie.",
                why: "Browsers never receive the session's cookies, so no one stays logged in.",
                cure: "grep -rn fastcgi_hide_header /etc/nginx/ finds the line; remove it, then "
                    + reload)
        ]
    }
}

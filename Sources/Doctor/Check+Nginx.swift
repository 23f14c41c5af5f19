import Settings

/// nginx's configuration: accepted, with our site in it, and of one mind with our settings.
extension Check {
    static let nginx = [
        Check("nginx-missing", missingNginx),
        Check("nginx-configuration", refusedConfiguration),
        Check("site-not-enabled", missingSite),
        Check("site-name-taken", takenName),
        Check("nginx-socket", otherSocket),
        Check("nginx-origins", otherOrigins),
        Check("cookies-hidden", hiddenCookies),
    ]

    private static let reload = "nginx -t && systemctl reload nginx"

    private static func missingNginx(_ installation: Installation) -> [Finding] {
        guard ChildProcess.find(installation.choices.nginx) == nil else { return [] }
        return [
            .error(
                "nginx is not installed.",
                why: "Browsers do not speak FastCGI: without nginx nobody reaches the server.",
                cure: "apt install nginx, or --nginx with its path")
        ]
    }

    private static func refusedConfiguration(_ installation: Installation) throws -> [Finding] {
        let dump = try installation.nginxDump.get()
        guard !dump.isAccepted else { return [] }
        let lines = dump.complaints.split(separator: "\n")
        let line = lines.first { $0.contains("[emerg]") } ?? lines.last ?? "no word of why"
        return [
            .error(
                "nginx does not accept its configuration: \(String(line).escaped).",
                why:
                    "It goes on with the one before until it is started again, and then not at all.",
                cure: "nginx -t, and mend what it names")
        ]
    }

    private static func missingSite(_ installation: Installation) throws -> [Finding] {
        let configuration = try installation.nginxConfiguration.get()
        let found = NginxSite.find(
            in: configuration, address: try? installation.address, choices: installation.choices)
        guard found == nil else { return [] }
        let name = installation.choices.instance ?? "gatehouse"
        return [
            .error(
                "No server of nginx's passes requests to Gatehouse.",
                why: "Its site is not enabled, so that nobody reaches the page or the API.",
                cure: "ln -s ../sites-available/\(name) /etc/nginx/sites-enabled/ && \(reload)")
        ]
    }

    private static func takenName(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        let complaints = try installation.nginxDump.get().complaints
        let taken = site.names.first {
            complaints.contains("conflicting server name \"\($0)\"")
        }
        guard let taken else { return [] }
        return [
            .error(
                "Two servers of nginx's are called \(taken.escaped).",
                why: "nginx takes the first, and the other is never asked.",
                cure: "grep -rn server_name /etc/nginx/sites-enabled, remove one, then \(reload)")
        ]
    }

    private static func otherSocket(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        guard let target = try installation.address.nginxTarget else {
            throw Skipped("the server's socket is one that it was given")
        }
        let others = site.misdirectedBackends(from: target).sorted()
        guard !others.isEmpty else { return [] }
        return [
            .error(
                "nginx passes requests to \(others.joined(separator: ", ").escaped), "
                    + "and the server listens at \(target.escaped).",
                why: "Requests are answered 502, or by another server.",
                cure: "write `server \(target);` into nginx's gatehouse/settings/socket.conf, "
                    + "then \(reload); or set GATEHOUSE_LISTEN")
        ]
    }

    private static func otherOrigins(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        let ours = Set(try installation.allowedOrigins)
        guard let nginx = site.origins else {
            throw Skipped("nginx chooses origins by a rule that is not read here")
        }
        let here = ours.subtracting(nginx).sorted().map { origin in
            Finding.error(
                "\(origin.escaped) is in GATEHOUSE_ALLOWED_ORIGINS and not in nginx's list.",
                why: "Browsers do not let its pages read any answer.",
                cure: "write `\"\(origin)\" \"\(origin)\";` into nginx's "
                    + "gatehouse/settings/origins.conf, then \(reload)")
        }
        let there = nginx.subtracting(ours).sorted().map { origin in
            Finding.error(
                "\(origin.escaped) is in nginx's list and not in GATEHOUSE_ALLOWED_ORIGINS.",
                why: "What its pages change is refused with 403, logins too.",
                cure: edit(installation))
        }
        return here + there
    }

    private static func hiddenCookies(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        let hiding = (site.server.all("fastcgi_hide_header") + site.http.own("fastcgi_hide_header"))
            .contains { $0.arguments.first?.lowercased() == "set-cookie" }
        guard hiding else { return [] }
        return [
            .error(
                "nginx takes Set-Cookie out of the server's answers (fastcgi_hide_header).",
                why: "Browsers never get the tokens: every login is forgotten at once.",
                cure: "remove that line from nginx's site, then \(reload)")
        ]
    }
}

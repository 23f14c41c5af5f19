import Settings

/// Checks that browsers get the page.
extension Check {
    static let page = [
        Check("page-missing", missingPage),
        Check("page-answer", wrongPage),
    ]

    private static func missingPage(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        guard let root = site.path("root") else {
            throw Skipped("nginx's site does not name a folder for the page")
        }
        let file = root.hasSuffix("/") ? "\(root)index.html" : "\(root)/index.html"
        let why = "People who open the site's address get an error instead of the page."
        guard try FileStatus(file)?.isRegular == true else {
            return [
                .error(
                    "The site's page, \(file.escaped), does not exist.", why: why,
                    cure: "put your app's index.html and its files into that folder. Or run "
                        + "\(setUpSite(installation)) --root FOLDER with the folder that has them; "
                        + "Gatehouse's own page is in /usr/share/gatehouse/web; "
                        + reloadNginx)
            ]
        }
        guard let user = try installation.nginxConfiguration.get().user else {
            throw Skipped("nginx's configuration names no user")
        }
        guard let blocked = try PageAccess(file, user: user).blockedAt else { return [] }
        // The blocked path may be the target of a symbolic link. So comparing it with the page's
        // path would not show whether it is a file or a folder.
        let isFolder = try FileStatus(blocked)?.isRegular == false
        return [
            .error(
                "nginx runs as the user \(user.name), who may not "
                    + (isFolder ? "enter" : "read") + " \(blocked.escaped).",
                why: why,
                cure: "chmod \(isFolder ? "o+x" : "o+r") \(blocked.asShellWord)")
        ]
    }

    private static func wrongPage(_ installation: Installation) throws -> [Finding] {
        guard let client = try client(installation) else { return [] }
        let response: HTTPResponse
        do {
            response = try client.send("GET", "/", ["--header", "Accept: text/html"])
        } catch let failure as SiteClient.Failure {
            throw Skipped("the page gets no response: \(failure.message)")
        }
        let type = response.header("content-type") ?? "none"
        guard response.status != 200 || !type.hasPrefix("text/html") else { return [] }
        return [
            .error(
                "\(client.address)/ responds with status \(response.status) and the content type "
                    + "\(type.quoted), not with the page.",
                why: "People who open the site's address get an error instead of the page.",
                cure: "tail /var/log/nginx/error.log shows the reason; " + restoreShipped)
        ]
    }
}

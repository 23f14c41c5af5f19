import Settings

/// Checks that nginx passes the server's responses on as they are.
///
/// nginx directives at http level, or in a location, can change the responses.
extension Check {
    static let responses = [
        Check("responses-cacheable", cacheableResponses),
        Check("responses-compressed", compressedResponses),
        Check("responses-stored", storedResponses),
        Check("charset-wrong", wrongCharset),
        Check("refusal-wrong", wrongRefusal),
    ]

    private static func cure(_ directive: String) -> String {
        "nginx -T | grep -nE 'configuration file|\(directive)' shows where it is set. If it is set "
            + "for this site, remove it there. If it is set for all sites only, Gatehouse's files "
            + "no longer turn it off for this one: undo the changes to "
            + "/etc/nginx/gatehouse/server/defaults.conf and /etc/nginx/gatehouse/fastcgi.conf, "
            + reloadNginx
    }

    private static func cacheableResponses(_ installation: Installation) throws -> [Finding] {
        let client = try responding(installation)
        // Check a successful and a failed response: nginx's `expires` changes successful responses
        // only, but `add_header` with `always` changes failed ones too.
        let wrong = [client.health, try emptyLogin(client)].first { response in
            response.values("cache-control") != ["no-store"] || response.header("expires") != nil
        }
        guard let wrong else { return [] }
        let values = wrong.values("cache-control")
        return [
            .error(
                "Responses of the API must have one header Cache-Control, with the value no-store, "
                    + "and no Expires. One response differs; its Cache-Control is "
                    + (values.isEmpty ? "missing." : "\(values.joined(separator: ", ").quoted)."),
                why: "Browsers and proxies may store the tokens in the response of a login.",
                cure: cure("expires |Cache-Control"))
        ]
    }

    private static func compressedResponses(_ installation: Installation) throws -> [Finding] {
        let client = try responding(installation)
        // Request a path that responds with status 200, because nginx compresses responses with
        // status 200, 403 and 404 only.
        let response = try client.send(
            "GET", "/health", ["--header", "Accept-Encoding: gzip, deflate, br"])
        guard let coding = response.header("content-encoding") else { return [] }
        return [
            .error(
                "nginx compresses responses of the API (\(coding.escaped)).",
                why: "The length of a compressed response can reveal the tokens in it to an "
                    + "attacker who watches the connection (BREACH).",
                cure: cure("gzip |gzip_types|brotli"))
        ]
    }

    private static func storedResponses(_ installation: Installation) throws -> [Finding] {
        let client = try responding(installation)
        // The body of each response contains the time in milliseconds, so two equal bodies show
        // that the second response was stored.
        let again = try client.send("GET", "/health")
        guard again.body == client.health.body, !again.body.isEmpty else { return [] }
        return [
            .error(
                "nginx answers a second request to /health with the stored response to the first.",
                why: "It may give the response for one person, such as an administrator, to "
                    + "another one.",
                cure: cure("fastcgi_cache|proxy_cache"))
        ]
    }

    private static func wrongCharset(_ installation: Installation) throws -> [Finding] {
        let types = try responding(installation).health.values("content-type")
        guard
            types.map({ $0.lowercased().filter { $0 != " " } })
                != ["application/json;charset=utf-8"]
        else { return [] }
        return [
            .warning(
                "The content type of a response in JSON is "
                    + "\(types.isEmpty ? "missing" : types.joined(separator: ", ").quoted), not "
                    + #""application/json; charset=utf-8"."#,
                why: "Some clients refuse to read a response of another type.",
                cure: cure("charset|override_charset|add_header"))
        ]
    }

    private static func wrongRefusal(_ installation: Installation) throws -> [Finding] {
        let client = try client(installation)
        guard let client, [200, 401].contains(client.health.status) else {
            throw Skipped("Gatehouse does not respond through nginx")
        }
        let response = try client.send("GET", "/api/auth/me")
        let isJSON = response.header("content-type")?.hasPrefix("application/json") == true
        let asks = response.header("www-authenticate") ?? client.health.header("www-authenticate")
        if let asks, asks.lowercased().hasPrefix("basic") {
            return [
                .error(
                    "nginx asks for a password of its own (auth_basic).",
                    why: "That password and the access token of a program need the same header, "
                        + "Authorization. And nginx refuses in HTML, where clients expect JSON.",
                    cure: cure("auth_basic"))
            ]
        }
        guard response.status != 401 || !isJSON else { return [] }
        return [
            .error(
                "A request without a token to /api/auth/me got a response with status "
                    + "\(response.status) and the content type "
                    + "\((response.header("content-type") ?? "none").quoted), not 401 in JSON.",
                why: "Clients do not learn that they have to refresh or to log in again.",
                cure: cure("error_page|fastcgi_intercept_errors"))
        ]
    }
}

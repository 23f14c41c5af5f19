import Settings

/// The server block of nginx's configuration that passes requests to Gatehouse.
struct NginxSite {
    let server: NginxDirective
    let http: NginxDirective

    /// Finds the server block that passes requests to an address; else one that passes requests to
    /// the upstream of the shipped configuration, so that a wrong address can be reported.
    static func find(
        in configuration: NginxConfiguration, address: ListenAddress?,
        choices: Installation.Choices
    ) -> NginxSite? {
        let http = configuration.http
        var sites = http.own("server").map { NginxSite(server: $0, http: http) }
            .filter { !$0.server.all("fastcgi_pass").isEmpty }
        if let host = choices.site?.host {
            let named = sites.filter { $0.names.contains(host) }
            sites = named.isEmpty ? sites : named
        }
        let target = address?.nginxTarget
        let exact = sites.filter { $0.backends.contains { $0 == target } }
        let variable = "$\(choices.instance ?? "gatehouse")_upstream"
        let similar = sites.filter {
            $0.server.all("fastcgi_pass").contains { $0.arguments == [variable] }
        }
        let found = exact + similar
        return found.first { $0.listen != nil } ?? found.first
    }

    /// The values of `server_name`.
    var names: [String] { server.own("server_name").flatMap(\.arguments) }

    /// The first name that is a plain host name: no wildcard and no regular expression.
    var host: String? {
        names.first { name in
            !name.isEmpty && name != "_" && !name.hasPrefix("~") && !name.contains("*")
                && !name.hasPrefix(".")
        }
    }

    /// The first `listen` directive with TLS.
    var listen: NginxListen? {
        server.own("listen").map { NginxListen($0.arguments) }.first(where: \.hasTLS)
    }

    /// The address that people type to reach the site.
    var webAddress: WebAddress? {
        guard let host, let listen else { return nil }
        return WebAddress(host: host, port: listen.port)
    }

    /// The absolute path in a directive such as `ssl_certificate`; nil if it holds a variable.
    func path(_ directive: String) -> String? {
        let found = server.own(directive).first ?? http.own(directive).first
        guard let path = found?.arguments.first, path.hasPrefix("/"), !path.contains("$") else {
            return nil
        }
        return path
    }

    /// The addresses that requests may be passed to: one set for each `fastcgi_pass`.
    private var passes: [Set<String>] {
        server.all("fastcgi_pass").map { Set(backends(of: $0.arguments.first ?? "")) }
    }

    /// Every address that requests are passed to, as nginx writes it.
    var backends: Set<String> { Set(passes.flatMap(\.self)) }

    /// Returns the addresses that get requests meant for Gatehouse at another address.
    ///
    /// Only a `fastcgi_pass` that also uses the right address counts, since another program may
    /// share the server block. If none uses the right address, all of them count.
    func misdirectedBackends(from address: String) -> Set<String> {
        let right = passes.filter { $0.contains(address) }
        let meant = right.isEmpty ? passes : right
        return Set(meant.flatMap(\.self)).subtracting([address])
    }

    /// Resolves the argument of `fastcgi_pass` through `map` and `upstream` blocks.
    private func backends(of target: String) -> [String] {
        if target.hasPrefix("$") {
            return http.own("map").filter { $0.arguments.last == target }
                .flatMap { $0.block ?? [] }
                .flatMap { entry in backends(of: entry.words.last ?? "") }
        }
        let upstream = http.own("upstream").first { $0.arguments == [target] }
        guard let upstream else { return target.isEmpty ? [] : [target.withNumericLoopback] }
        return upstream.own("server").compactMap(\.arguments.first).map(\.withNumericLoopback)
    }

    /// The origins that nginx lets read responses; nil if it decides by something other than a list.
    var origins: Set<String>? {
        let header = server.own("add_header").first {
            $0.arguments.first?.lowercased() == "access-control-allow-origin"
        }
        guard let value = header?.arguments.dropFirst().first else { return [] }
        let map = http.own("map").first { $0.arguments == ["$http_origin", value] }
        guard let entries = map?.block else { return nil }
        let origins = entries.map(\.name).filter { $0 != "default" }
        guard !origins.contains(where: { $0.hasPrefix("~") || $0 == "hostnames" }) else {
            return nil
        }
        return Set(origins.filter { !$0.isEmpty })
    }

    /// The `listen` without TLS of another server block with the same name: the redirect to https.
    var plain: NginxListen? {
        http.own("server").filter { $0 != server }
            .filter { other in
                other.own("server_name").flatMap(\.arguments).contains { names.contains($0) }
            }
            .flatMap { $0.own("listen") }
            .map { NginxListen($0.arguments) }.first { !$0.hasTLS }
    }
}

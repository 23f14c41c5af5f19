import Settings

/// The server block of nginx's configuration that passes requests to Gatehouse.
struct NginxSite {
    let server: NginxDirective
    let http: NginxDirective

    /// Finds the server block that passes requests to an address.
    ///
    /// If there is no such block, finds one that passes requests to the upstream of the shipped
    /// configuration, so that a wrong address in that upstream can be reported.
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
        // The shipped configuration uses `$gatehouse_upstream`. After `gatehouse site --name shop`,
        // the variable is `$_shop_upstream`.
        let variable = "$\(choices.instance.map { "_\($0)" } ?? "gatehouse")_upstream"
        let similar = sites.filter {
            $0.server.all("fastcgi_pass").contains { $0.arguments == [variable] }
        }
        let found = exact + similar
        return found.first { $0.listen != nil } ?? found.first
    }

    /// The values of `server_name`.
    var names: [String] { server.own("server_name").flatMap(\.arguments) }

    /// The first name that is a plain host name, not a wildcard or a regular expression.
    var host: String? {
        names.first { name in
            !name.isEmpty && name != "_" && !name.hasPrefix("~") && !name.contains("*")
                && !name.hasPrefix(".")
        }
    }

    /// The first `listen` directive with TLS, preferably one without the PROXY protocol.
    var listen: NginxListen? {
        let secure = listens.filter(\.hasTLS)
        return secure.first { !$0.hasProxyProtocol } ?? secure.first
    }

    /// The addresses of the server block.
    var listens: [NginxListen] { server.own("listen").map { NginxListen($0.arguments) } }

    /// Returns the arguments of each occurrence of a directive that applies to the site.
    ///
    /// These are the occurrences in the site's server block, including its nested blocks. If the
    /// directive does not occur there, they are the occurrences at http level, which the server
    /// block inherits.
    func values(_ directive: String) -> [[String]] {
        let own = server.all(directive)
        return (own.isEmpty ? http.own(directive) : own).map(\.arguments)
    }

    /// Another server block with TLS that has a name in common with this block and may receive
    /// connections that are meant for this block.
    ///
    /// `nginx -T` warns of such a block only if both blocks listen on the same address.
    var rival: NginxSite? {
        let secure = listens.filter(\.hasTLS)
        return http.own("server").filter { $0 != server }.map { NginxSite(server: $0, http: http) }
            .first { other in
                other.names.contains { names.contains($0) }
                    && other.listens.contains { listen in
                        listen.hasTLS && secure.contains { $0.competes(with: listen) }
                    }
            }
    }

    /// The address that people type to reach the site.
    var webAddress: WebAddress? {
        guard let host, let listen else { return nil }
        // With the PROXY protocol, people type the port of the proxy. That port is not known, so
        // 443 is assumed.
        return WebAddress(host: host, port: listen.hasProxyProtocol ? 443 : listen.port)
    }

    /// Returns the absolute path in a directive such as `ssl_certificate`.
    ///
    /// - Returns: nil if the directive is missing or if its value is relative or has a variable.
    func path(_ directive: String) -> String? {
        let found = server.own(directive).first ?? http.own(directive).first
        guard let path = found?.arguments.first, path.hasPrefix("/"), !path.contains("$") else {
            return nil
        }
        return path
    }

    /// For each `fastcgi_pass`, the addresses to which it may pass requests.
    private var passes: [Set<String>] {
        server.all("fastcgi_pass").map { Set(backends(of: $0.arguments.first ?? "")) }
    }

    /// All addresses to which the site may pass requests, in the form that nginx uses.
    var backends: Set<String> { Set(passes.flatMap(\.self)) }

    /// Returns the wrong addresses to which nginx may pass requests for Gatehouse.
    ///
    /// The right address, at which Gatehouse listens, is `address`.
    ///
    /// If a `fastcgi_pass` uses the right address, each `fastcgi_pass` that does not is ignored,
    /// since it may belong to another program. If none uses the right address, all are considered.
    func misdirectedBackends(from address: String) -> Set<String> {
        let right = passes.filter { $0.contains(address) }
        let meant = right.isEmpty ? passes : right
        return Set(meant.flatMap(\.self)).subtracting([address])
    }

    /// Resolves the argument of `fastcgi_pass` to addresses, through `map` and `upstream` blocks.
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

    /// The origins whose pages nginx allows to read responses; nil if nginx selects the origins in
    /// any way other than by a plain list.
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

    /// The `listen` directive without TLS in the server block that redirects to https.
    ///
    /// That block is another server block that has a server name in common with this one.
    var plain: NginxListen? {
        http.own("server").filter { $0 != server }
            .filter { other in
                other.own("server_name").flatMap(\.arguments).contains { names.contains($0) }
            }
            .flatMap { $0.own("listen") }
            .map { NginxListen($0.arguments) }.first { !$0.hasTLS }
    }
}

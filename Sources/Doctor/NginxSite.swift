import Settings

/// The server of nginx's configuration that passes requests to Gatehouse.
struct NginxSite {
    let server: NginxDirective
    let http: NginxDirective

    /// Looks for the site: the one that passes requests to our address, else the one that looks like
    /// ours and passes them elsewhere.
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
        let ours = sites.filter { $0.backends.contains { $0 == target } }
        let variable = "$\(choices.instance ?? "gatehouse")_upstream"
        let alike = sites.filter {
            $0.server.all("fastcgi_pass").contains { $0.arguments == [variable] }
        }
        let found = ours + alike
        return found.first { $0.listen != nil } ?? found.first
    }

    /// What the site is called.
    var names: [String] { server.own("server_name").flatMap(\.arguments) }

    /// The first name that a browser could ask for.
    var host: String? {
        names.first { name in
            !name.isEmpty && name != "_" && !name.hasPrefix("~") && !name.contains("*")
                && !name.hasPrefix(".")
        }
    }

    /// Where it takes TLS connections; the first of several.
    var listen: NginxListen? {
        server.own("listen").map { NginxListen($0.arguments) }.first(where: \.hasTLS)
    }

    /// The page's address by its name and port.
    var webAddress: WebAddress? {
        guard let host, let listen else { return nil }
        return WebAddress(host: host, port: listen.port)
    }

    /// A file that a directive names, such as `ssl_certificate`; nil where a variable does.
    func path(_ directive: String) -> String? {
        let found = server.own(directive).first ?? http.own(directive).first
        guard let path = found?.arguments.first, path.hasPrefix("/"), !path.contains("$") else {
            return nil
        }
        return path
    }

    /// Where its requests go, as nginx writes addresses; a set for each `fastcgi_pass`.
    private var passes: [Set<String>] {
        server.all("fastcgi_pass").map { Set(backends(of: $0.arguments.first ?? "")) }
    }

    /// Where its requests go, as nginx writes addresses.
    var backends: Set<String> { Set(passes.flatMap(\.self)) }

    /// Where else requests go that should go to an address.
    ///
    /// Where none goes there, all; else those of the same `fastcgi_pass`, for another program may
    /// have pages on the same server.
    func misdirectedBackends(from address: String) -> Set<String> {
        let right = passes.filter { $0.contains(address) }
        let meant = right.isEmpty ? passes : right
        return Set(meant.flatMap(\.self)).subtracting([address])
    }

    private func backends(of target: String) -> [String] {
        if target.hasPrefix("$") {
            return http.own("map").filter { $0.arguments.last == target }
                .flatMap { $0.block ?? [] }
                .flatMap { entry in backends(of: entry.words.last ?? "") }
        }
        let upstream = http.own("upstream").first { $0.arguments == [target] }
        guard let upstream else { return target.isEmpty ? [] : [target.withLoopbackNumber] }
        return upstream.own("server").compactMap(\.arguments.first).map(\.withLoopbackNumber)
    }

    /// The origins that may read answers; nil where nginx decides by a rule that we do not read.
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

    /// The server of the same name that takes plain http.
    var plain: NginxListen? {
        http.own("server").filter { $0 != server }
            .filter { other in
                other.own("server_name").flatMap(\.arguments).contains { names.contains($0) }
            }
            .flatMap { $0.own("listen") }
            .map { NginxListen($0.arguments) }.first { !$0.hasTLS }
    }
}

/// A `listen` of nginx's.
struct NginxListen: Equatable {
    /// An address to connect to on this machine, an IPv6 one in brackets.
    let address: String
    let port: UInt16
    let hasTLS: Bool

    init(_ arguments: [String]) {
        let text = arguments.first ?? ""
        hasTLS = arguments.contains("ssl")
        var host = Substring()
        if let number = UInt16(wholeNumber: text) {
            port = number
        } else if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            host = text[..<colon]
            port = UInt16(wholeNumber: text[text.index(after: colon)...]) ?? 80
        } else {
            host = text[...]
            port = 80
        }
        switch host {
        case "", "*", "0.0.0.0": address = "127.0.0.1"
        case "[::]": address = "[::1]"
        default: address = String(host)
        }
    }
}

extension ListenAddress {
    /// The address as nginx writes it; nil for a descriptor, which has none.
    var nginxTarget: String? {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port):
            (host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)").withLoopbackNumber
        case .descriptor: nil
        }
    }
}

extension String {
    /// An address and port with a number for `localhost`.
    fileprivate var withLoopbackNumber: String {
        let name = "localhost:"
        return hasPrefix(name) ? "127.0.0.1:" + dropFirst(name.count) : self
    }
}

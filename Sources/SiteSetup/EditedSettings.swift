import Doctor

/// Settings files of an installation from before `gatehouse site`, in which an administrator wrote
/// the site's name, certificate and web root.
struct EditedSettings {
    private static let directives = [
        "server_name", "ssl_certificate", "ssl_certificate_key", "root",
    ]

    /// The first value of each of these directives that has a line of its own, by name.
    let values: [String: String]
    private let listen: String

    /// Reads the content of `listen.conf`.
    init(listen: String) {
        self.listen = listen
        var values: [String: String] = [:]
        for line in listen.split(separator: "\n") {
            if let (name, value) = Self.directive(line), values[name] == nil {
                values[name] = value
            }
        }
        self.values = values
    }

    /// `listen.conf` with these directives as comments, because `site.conf` has them now.
    var listenWithoutSite: String {
        listen.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Self.directive($0) == nil ? String($0) : "#\($0) # now in site.conf" }
            .joined(separator: "\n")
    }

    /// Returns `redirect.conf` with `site.conf` in place of the same name as in `listen.conf`.
    ///
    /// The folder of the settings is given relative to that of nginx.
    func redirect(_ text: String, settings: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let (name, value) = Self.directive(line), name == "server_name",
                value == values["server_name"]
            else { return String(line) }
            return "\(line.prefix { $0 == " " || $0 == "\t" })include \(settings)/site.conf;"
        }.joined(separator: "\n")
    }

    /// Splits a line that consists of one of the directives into its name and its first value.
    private static func directive(_ line: Substring) -> (name: String, value: String)? {
        guard let parsed = try? NginxDirective.parse(Array(line.utf8)), parsed.count == 1,
            let directive = parsed.first, directives.contains(directive.name),
            let value = directive.arguments.first
        else { return nil }
        return (directive.name, value)
    }
}

import Doctor
import Settings

/// The nginx settings files of an installation that is older than the command `gatehouse site`, in
/// which an administrator wrote the site's name, certificate and web root.
struct EditedSettings {
    private static let directives = [
        "server_name", "ssl_certificate", "ssl_certificate_key", "root",
    ]

    /// The values of those of these directives that are at the top level of the file, by name.
    let values: [String: String]
    private let parts: [ConfigurationPart]

    /// Reads `listen.conf`.
    ///
    /// - Parameters:
    ///   - listen: The content of the file.
    ///   - path: The path of the file, for the error.
    /// - Throws: `CommandError` if one of the directives cannot be moved into `site.conf`, because
    ///   it occurs twice, has several values, or shares its line with another directive.
    init(listen: String, at path: String) throws {
        parts = ConfigurationPart.parts(of: listen)
        var values: [String: String] = [:]
        for part in parts {
            for directive in part.directives where Self.directives.contains(directive.name) {
                let name = directive.name
                guard values[name] == nil, directive.arguments.count == 1 else {
                    throw CommandError(
                        "\(path.escaped) has several values for \(name), of which `gatehouse site` "
                            + "can move only one into site.conf; leave one there, run the command, "
                            + "then write the others into \(File.name(of: path)) again")
                }
                guard part.directives.count == 1 else {
                    throw CommandError(
                        "\(path.escaped) has \(name) and other directives on one line; write each "
                            + "on a line of its own, so that `gatehouse site` can move it into "
                            + "site.conf")
                }
                values[name] = directive.arguments[0]
            }
        }
        self.values = values
    }

    /// `listen.conf` with these directives commented out, because `site.conf` contains them now.
    var listenWithoutSite: String {
        parts.flatMap { part in
            guard let directive = part.directives.first,
                Self.directives.contains(directive.name)
            else { return part.lines }
            return part.lines.map { "#\($0) # now in site.conf" }
        }.joined(separator: "\n")
    }

    /// Returns the text of `redirect.conf`, with an include of `site.conf` in place of each
    /// `server_name` that has the same value as in `listen.conf`.
    ///
    /// The path `settings` of the settings folder is relative to `/etc/nginx`.
    func redirect(_ text: String, settings: String) -> String {
        guard let name = values["server_name"] else { return text }
        // nginx permits `server_name` only in a `server` block, so each line can be examined
        // without the block around it.
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard let parsed = try? NginxDirective.parse(Array(line.utf8)), parsed.count == 1,
                parsed.first?.name == "server_name", parsed.first?.arguments == [name]
            else { return String(line) }
            return "\(line.prefix { $0 == " " || $0 == "\t" })include \(settings)/site.conf;"
        }.joined(separator: "\n")
    }
}

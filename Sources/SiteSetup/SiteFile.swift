import Settings

/// The content of `settings/site.conf`, the only one of nginx's settings files that
/// `gatehouse site` rewrites on each run and that is not edited by hand.
struct SiteFile: Equatable {
    var host: String
    var certificates: CertificatePair
    /// The folder with `index.html`.
    var root: String

    /// The file's text.
    ///
    /// - Throws: `CommandError` if a path has a character with a special meaning in nginx's
    ///   configuration.
    var text: String {
        get throws {
            """
            # The site's name, certificate and web root. `gatehouse site` writes this file: run it again to
            # change something. Context: server, of the site and of redirect.conf.

            server_name \(host);
            ssl_certificate \(try Self.word(certificates.certificate));
            ssl_certificate_key \(try Self.word(certificates.key));
            root \(try Self.word(root));

            """
        }
    }

    /// Quotes a path for nginx.
    private static func word(_ path: String) throws -> String {
        // nginx replaces variables in these directives, and has no escape for a dollar sign.
        guard !path.contains("$"), path.escaped == path else {
            throw CommandError(
                "\(path.quoted) has a character that nginx cannot read in a path; rename it")
        }
        let isPlain = path.utf8.allSatisfy { byte in
            byte > 0x20 && !";{}'#".utf8.contains(byte)
        }
        return isPlain ? path : "\"\(path)\""
    }
}

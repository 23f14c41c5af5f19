package import Settings

/// The name that distinguishes a site from the others on this machine, and the paths that are
/// derived from this name.
package struct SiteName: Equatable, Sendable {
    /// The instance of the systemd unit, such as `shop` in `gatehouse@shop`; nil for `gatehouse`.
    package let instance: String?

    /// Creates the name of a site.
    ///
    /// - Throws: `InvalidValue` if nginx or systemd would not accept the name.
    package init(_ instance: String?) throws(InvalidValue) {
        if let instance {
            // With 20 characters, the longest name of a variable still fits into the 64 bytes of
            // nginx's default variables_hash_bucket_size.
            guard (1...20).contains(instance.utf8.count), instance.utf8.first != Self.underscore,
                instance.utf8.allSatisfy(Self.isPermitted)
            else {
                throw InvalidValue(
                    "\(instance.quoted) is not the name of a site; write up to 20 letters, digits "
                        + "and _, without _ at its beginning, such as shop")
            }
        }
        self.instance = instance
    }

    /// The systemd unit, the folder in `/etc/nginx` and the file in `sites-available`.
    package var unit: String { instance.map { "gatehouse@\($0)" } ?? "gatehouse" }

    /// The beginning of the names of nginx's variables, zones and upstreams.
    ///
    /// For a site with a name, it begins with `_`. Without the `_`, nginx would take a variable of
    /// a site named `7` for a captured group (`$7`), and a variable of a site named `http` for a
    /// header (`$http_…`).
    var prefix: String { instance.map { "_\($0)_" } ?? "gatehouse_" }

    var nginxFolder: String { "/etc/nginx/\(unit)" }
    var settingsFolder: String { "\(nginxFolder)/settings" }
    var siteFile: String { "\(settingsFolder)/site.conf" }
    var availablePath: String { "/etc/nginx/sites-available/\(unit)" }
    var enabledPath: String { "/etc/nginx/sites-enabled/\(unit)" }
    var environmentPath: String { "/etc/default/\(unit)" }
    var secretPath: String { Keyring.installedPath + (instance.map { "@\($0)" } ?? "") }
    var databasePath: String { "/var/lib/\(unit)/gatehouse.db" }

    /// The paths at which the operator can put a certificate that certbot does not manage.
    var ownCertificate: CertificatePair {
        let name = instance ?? "gatehouse"
        return CertificatePair(
            certificate: "/etc/ssl/certs/\(name).pem", key: "/etc/ssl/private/\(name).key")
    }

    private static let underscore = UInt8(ascii: "_")

    private static func isPermitted(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), underscore:
            true
        default: false
        }
    }
}

import Settings

/// Checks of the TLS certificate and of its private key.
extension Check {
    static let certificate = [
        Check("certificate-expired", expiredCertificate),
        Check("certificate-expiring", expiringCertificate),
        Check("certificate-name", wrongName),
        Check("certificate-untrusted", untrustedCertificate),
        Check("certificate-not-loaded", unloadedCertificate),
        Check("key-readable", readableKey),
    ]

    private static let renewal = "certbot renew && systemctl reload nginx"

    private static func path(_ installation: Installation) throws -> String {
        guard let path = try installation.site.get().path("ssl_certificate") else {
            throw Skipped("nginx's site does not name a certificate file")
        }
        return path
    }

    /// Returns the certificate, after making sure that openssl can read it.
    private static func certificate(_ installation: Installation) throws -> CertificateFile {
        let file = CertificateFile(try path(installation))
        guard try file.isReadable else {
            throw Skipped("the certificate \(file.path.escaped) cannot be read; run as root")
        }
        return file
    }

    private static func expiredCertificate(_ installation: Installation) throws -> [Finding] {
        let file = try certificate(installation)
        guard try file.expires(within: 0) else { return [] }
        return [
            .error(
                "The site's TLS certificate expired on \(try file.expiryDate).",
                why: "Browsers show a warning instead of the page, and with HSTS they offer no "
                    + "way past it.",
                cure: renewal)
        ]
    }

    private static func expiringCertificate(_ installation: Installation) throws -> [Finding] {
        let file = try certificate(installation)
        guard try file.expires(within: 14 * 86_400), try !file.expires(within: 0) else {
            return []
        }
        return [
            .warning(
                "The site's TLS certificate expires in less than 14 days, on "
                    + "\(try file.expiryDate).",
                why: "Automatic renewal should have replaced it by now. Browsers refuse the page "
                    + "once it has expired.",
                cure: "\(renewal); systemctl list-timers certbot.timer")
        ]
    }

    private static func wrongName(_ installation: Installation) throws -> [Finding] {
        let host = try installation.webAddress.host
        let file = try certificate(installation)
        guard try !file.covers(host) else { return [] }
        return [
            .error(
                "The TLS certificate \(file.path.escaped) is not valid for the "
                    + "site's name, \(host.escaped).",
                why: "Browsers show a warning instead of the page.",
                cure: "certbot certonly --webroot --webroot-path /var/www/html --domain "
                    + "\(host.asShellWord), then \(setUpSite(installation, host)), \(reloadNginx)")
        ]
    }

    private static func untrustedCertificate(_ installation: Installation) throws -> [Finding] {
        guard let distrust = try client(installation)?.distrust else { return [] }
        // The checks `certificate-expired` and `certificate-name` report these two problems.
        guard !distrust.contains("expired"), !distrust.contains("subject name") else { return [] }
        return [
            .warning(
                "This machine does not trust the site's TLS certificate: \(distrust).",
                why: "Browsers do not trust it either, unless they know the authority that issued "
                    + "it. If it is your own authority, name its certificate with --authority.",
                cure: "let nginx's ssl_certificate name a file with the whole certificate chain, "
                    + "such as certbot's fullchain.pem")
        ]
    }

    private static func unloadedCertificate(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        guard let listen = site.listen else { throw Skipped("nginx's site does not use TLS") }
        guard !listen.hasProxyProtocol else {
            throw Skipped("openssl cannot connect to an address with the PROXY protocol")
        }
        let host = try installation.webAddress.host
        let handshake = try ChildProcess.run(
            "openssl",
            [
                "s_client", "-connect", "\(listen.address):\(listen.port)", "-servername", host,
            ])
        let served = try ChildProcess.run(
            "openssl", ["x509", "-noout", "-fingerprint", "-sha256"], input: handshake.output)
        guard served.status == 0 else { throw Skipped("nginx presents no certificate") }
        let file = try certificate(installation)
        let stored = try file.x509(["-fingerprint", "-sha256"])
        guard stored.status == 0, stored.output != served.output else { return [] }
        return [
            .warning(
                "nginx presents a TLS certificate other than the one in "
                    + "\(file.path.escaped).",
                why: "The certificate was renewed, but nginx was not reloaded. It goes on using "
                    + "the old one, which expires sooner.",
                cure: "systemctl reload nginx, and add a deploy hook to certbot that reloads nginx")
        ]
    }

    private static func readableKey(_ installation: Installation) throws -> [Finding] {
        guard let path = try installation.site.get().path("ssl_certificate_key") else {
            throw Skipped("nginx's site does not name a key file")
        }
        guard try FileStatus(path)?.isReadableByOthers == true else { return [] }
        return [
            .error(
                "Every user of this machine can read the private key of the TLS certificate, "
                    + "\(path.escaped).",
                why: "Someone with the key can impersonate this site.",
                cure: "chmod 600 \(path.asShellWord), and replace the certificate if someone may "
                    + "have read its key")
        ]
    }
}

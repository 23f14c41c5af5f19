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

    /// Runs `openssl x509` on the certificate, after making sure that openssl can read it.
    private static func x509(
        _ installation: Installation, _ arguments: [String]
    ) throws -> ChildProcess.Outcome {
        let file = try path(installation)
        let subject = try ChildProcess.run("openssl", ["x509", "-in", file, "-noout", "-subject"])
        guard subject.status == 0 else {
            throw Skipped("the certificate \(file.escaped) cannot be read; run as root")
        }
        return try ChildProcess.run("openssl", ["x509", "-in", file, "-noout"] + arguments)
    }

    private static func expires(
        within seconds: Int, _ installation: Installation
    ) throws -> Bool {
        try x509(installation, ["-checkend", "\(seconds)"]).status != 0
    }

    private static func expiryDate(_ installation: Installation) throws -> String {
        let output = try x509(installation, ["-enddate"]).output
        return String((output.split(separator: "=").last.map(String.init) ?? "").trimmingBlanks)
    }

    private static func expiredCertificate(_ installation: Installation) throws -> [Finding] {
        guard try expires(within: 0, installation) else { return [] }
        return [
            .error(
                "The site's TLS certificate expired on \(try expiryDate(installation)).",
                why: "Browsers show a warning instead of the page, and with HSTS they offer no "
                    + "way past it.",
                cure: renewal)
        ]
    }

    private static func expiringCertificate(_ installation: Installation) throws -> [Finding] {
        guard try expires(within: 14 * 86_400, installation), try !expires(within: 0, installation)
        else { return [] }
        return [
            .warning(
                "The site's TLS certificate expires in less than 14 days, on "
                    + "\(try expiryDate(installation)).",
                why: "Automatic renewal should have replaced it by now. Browsers refuse the page "
                    + "once it has expired.",
                cure: "\(renewal); systemctl list-timers certbot.timer")
        ]
    }

    private static func wrongName(_ installation: Installation) throws -> [Finding] {
        let host = try installation.webAddress.host
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let isAddress =
            host.hasPrefix("[") || host.split(separator: ".").allSatisfy { UInt8($0) != nil }
        let output = try x509(installation, [isAddress ? "-checkip" : "-checkhost", bare]).output
        guard output.contains("does NOT match") else { return [] }
        return [
            .error(
                "The TLS certificate \(try path(installation).escaped) is not valid for the "
                    + "site's name, \(host.escaped).",
                why: "Browsers show a warning instead of the page.",
                cure: "certbot certonly --nginx -d \(host.asShellWord), then write the new "
                    + "certificate's path into /etc/nginx/gatehouse/settings/listen.conf, "
                    + reloadNginx)
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
        let host = try installation.webAddress.host
        let handshake = try ChildProcess.run(
            "openssl",
            [
                "s_client", "-connect", "\(listen.address):\(listen.port)", "-servername", host,
            ])
        let served = try ChildProcess.run(
            "openssl", ["x509", "-noout", "-fingerprint", "-sha256"], input: handshake.output)
        guard served.status == 0 else { throw Skipped("nginx presents no certificate") }
        let stored = try x509(installation, ["-fingerprint", "-sha256"])
        guard stored.status == 0, stored.output != served.output else { return [] }
        return [
            .warning(
                "nginx presents a TLS certificate other than the one in "
                    + "\(try path(installation).escaped).",
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

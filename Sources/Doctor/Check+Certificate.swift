import Settings

/// The certificate and its key: valid, of the right name, trusted, in use, and the key kept.
extension Check {
    static let certificate = [
        Check("certificate-expired", expiredCertificate),
        Check("certificate-expiring", expiringCertificate),
        Check("certificate-name", otherName),
        Check("certificate-untrusted", untrustedCertificate),
        Check("certificate-not-loaded", unloadedCertificate),
        Check("key-readable", readableKey),
    ]

    private static let renewal = "certbot renew && systemctl reload nginx"

    private static func path(_ installation: Installation) throws -> String {
        guard let path = try installation.site.get().path("ssl_certificate") else {
            throw Skipped("nginx's site names no certificate's file")
        }
        return path
    }

    /// What `openssl x509` says of the certificate, which it can read.
    private static func x509(
        _ installation: Installation, _ arguments: [String]
    ) throws -> ChildProcess.Outcome {
        let file = try path(installation)
        let subject = try ChildProcess.run("openssl", ["x509", "-in", file, "-noout", "-subject"])
        guard subject.status == 0 else { throw Skipped("\(file.escaped) cannot be read; be root") }
        return try ChildProcess.run("openssl", ["x509", "-in", file, "-noout"] + arguments)
    }

    private static func expires(
        within seconds: Int, _ installation: Installation
    ) throws -> Bool {
        try x509(installation, ["-checkend", "\(seconds)"]).status != 0
    }

    private static func end(_ installation: Installation) throws -> String {
        let output = try x509(installation, ["-enddate"]).output
        return (output.split(separator: "=").last.map(String.init) ?? "").trimmingBlanks.description
    }

    private static func expiredCertificate(_ installation: Installation) throws -> [Finding] {
        guard try expires(within: 0, installation) else { return [] }
        return [
            .error(
                "The certificate ended at \(try end(installation)).",
                why: "Browsers show a warning in place of the page, and with HSTS no way past it.",
                cure: renewal)
        ]
    }

    private static func expiringCertificate(_ installation: Installation) throws -> [Finding] {
        guard try expires(within: 14 * 86_400, installation), try !expires(within: 0, installation)
        else { return [] }
        return [
            .warning(
                "The certificate ends in less than 14 days, at \(try end(installation)).",
                why:
                    "It should have been renewed by now. Once it has ended, browsers refuse the page.",
                cure: "\(renewal); systemctl list-timers certbot.timer")
        ]
    }

    private static func otherName(_ installation: Installation) throws -> [Finding] {
        let host = try installation.webAddress.host
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let isAddress =
            host.hasPrefix("[") || host.split(separator: ".").allSatisfy { UInt8($0) != nil }
        let said = try x509(installation, [isAddress ? "-checkip" : "-checkhost", bare]).output
        guard said.contains("does NOT match") else { return [] }
        return [
            .error(
                "The certificate is not for \(host.escaped).",
                why: "Browsers show a warning in place of the page.",
                cure: "certbot certonly --nginx -d \(host.asShellWord), and its path in nginx's "
                    + "gatehouse/settings/listen.conf")
        ]
    }

    private static func untrustedCertificate(_ installation: Installation) throws -> [Finding] {
        guard let distrust = try front(installation)?.distrust else { return [] }
        // These two have looks of their own.
        guard !distrust.contains("expired"), !distrust.contains("subject name") else { return [] }
        return [
            .warning(
                "This machine does not trust the certificate: \(distrust).",
                why: "Nor do browsers, unless they know an authority of your own (--authority).",
                cure: "let ssl_certificate name a file with the whole chain, such as certbot's "
                    + "fullchain.pem")
        ]
    }

    private static func unloadedCertificate(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        guard let listen = site.listen else { throw Skipped("nginx's site takes no TLS") }
        let host = try installation.webAddress.host
        let handshake = try ChildProcess.run(
            "openssl",
            [
                "s_client", "-connect", "\(listen.address):\(listen.port)", "-servername", host,
            ])
        let served = try ChildProcess.run(
            "openssl", ["x509", "-noout", "-fingerprint", "-sha256"], input: handshake.output)
        guard served.status == 0 else { throw Skipped("nginx shows no certificate") }
        let kept = try x509(installation, ["-fingerprint", "-sha256"])
        guard kept.status == 0, kept.output != served.output else { return [] }
        return [
            .warning(
                "nginx shows another certificate than \(try path(installation).escaped) holds.",
                why: "It was renewed and nginx not told: the one that is shown ends sooner.",
                cure: "systemctl reload nginx, and a deploy hook of certbot that does so")
        ]
    }

    private static func readableKey(_ installation: Installation) throws -> [Finding] {
        guard let path = try installation.site.get().path("ssl_certificate_key") else {
            throw Skipped("nginx's site names no key's file")
        }
        guard try FileStatus(path)?.isReadableByOthers == true else { return [] }
        return [
            .error(
                "Every user of this machine can read the certificate's key, \(path.escaped).",
                why: "Who has it can pass for this site.",
                cure: "chmod 600 \(path.asShellWord), and a new certificate if somebody has read it"
            )
        ]
    }
}

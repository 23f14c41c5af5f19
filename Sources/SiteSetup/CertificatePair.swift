import Doctor
import Settings

/// The path of a file with a TLS certificate and its chain, and the path of its private key.
package struct CertificatePair: Equatable, Sendable {
    package let certificate: String
    package let key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// The files in which certbot keeps the newest certificate of a host.
    static func ofCertbot(_ host: HostName) -> CertificatePair {
        let folder = "/etc/letsencrypt/live/\(host)"
        return CertificatePair(
            certificate: "\(folder)/fullchain.pem", key: "\(folder)/privkey.pem")
    }

    /// Returns the certificates to try if none is given, in this order.
    ///
    /// If the site keeps its host name, its present certificate comes first. If the host name is
    /// new, certbot's certificate comes first.
    ///
    /// - Parameters:
    ///   - host: The host name of the site.
    ///   - site: The site, whose `ownCertificate` comes last.
    ///   - present: The present values of the site's nginx directives, by name.
    /// - Returns: The pairs, whether their files exist or not.
    static func candidates(
        for host: HostName, _ site: SiteName, present: [String: String]
    ) -> [CertificatePair] {
        let certbot = ofCertbot(host)
        guard let certificate = present["ssl_certificate"], let key = present["ssl_certificate_key"]
        else { return [certbot, site.ownCertificate] }
        let pair = CertificatePair(certificate: certificate, key: key)
        let isSameHost = present["server_name"]?.lowercased() == host.text
        return (isSameHost ? [pair, certbot] : [certbot, pair]) + [site.ownCertificate]
    }

    /// Checks that nginx can use the files, that the certificate is valid for a host, and that it
    /// has not expired.
    ///
    /// - Throws: `CommandError` with the first problem and how to solve it.
    func verify(for host: HostName) throws {
        for path in [certificate, key] where !path.hasPrefix("/") {
            throw CommandError(
                "\(path.quoted) is not an absolute path; write one that begins with /, such as "
                    + "/etc/ssl/certs/www.pem, because nginx would look for it in its own folder")
        }
        let file = CertificateFile(certificate)
        // nginx reads only PEM, but openssl would also read a certificate in another format.
        guard try Self.text(of: certificate, "certificate").contains("-----BEGIN"),
            let certificateKey = try file.publicKey
        else {
            throw CommandError(
                "\(certificate.escaped) is not a certificate in PEM format; nginx needs the "
                    + "certificate, then its chain, in one such file")
        }
        guard try publicKeyOfKey() == certificateKey else {
            throw CommandError(
                "the key \(key.escaped) does not belong to the certificate \(certificate.escaped); "
                    + "give two that belong together, with the host's certificate before its chain"
            )
        }
        guard try file.covers(host.text) else {
            throw CommandError(
                "the certificate \(certificate.escaped) is not valid for \(host), so browsers "
                    + "would refuse it; get one for that name: \(Self.certbot(host))")
        }
        guard try !file.expires(within: 0) else {
            throw CommandError(
                "the certificate \(certificate.escaped) expired on \(try file.expiryDate); renew "
                    + "it first, such as with certbot renew")
        }
    }

    private static func text(of path: String, _ what: String) throws -> String {
        do throws(FileError) {
            return String(decoding: try File.read(path, atMost: 1 << 20).bytes, as: UTF8.self)
        } catch {
            throw CommandError("the \(what) \(path.escaped) \(error)")
        }
    }

    /// Returns the public part of the private key, in PEM.
    private func publicKeyOfKey() throws -> String {
        let text = try Self.text(of: key, "key")
        // The empty passphrase keeps openssl from asking for one.
        let read = try ChildProcess.run(
            "openssl", ["pkey", "-in", key, "-passin", "pass:", "-pubout"])
        guard read.status == 0, text.contains("-----BEGIN") else {
            throw CommandError(
                text.contains("ENCRYPTED")
                    ? "the key \(key.escaped) is encrypted, and nginx cannot ask for its passphrase "
                        + "when it starts; decrypt it: openssl pkey -in \(key.asShellWord) -out FILE"
                    : "\(key.escaped) is not a private key in PEM format")
        }
        return read.output
    }

    /// The command that gets a certificate while nginx's default site answers on port 80.
    static func certbot(_ host: HostName) -> String {
        "certbot certonly --webroot --webroot-path /var/www/html --domain \(host) "
            + "--deploy-hook 'systemctl reload nginx'"
    }
}

import Settings

/// A file with a TLS certificate in PEM, which openssl(1) reads.
package struct CertificateFile {
    let path: String

    package init(_ path: String) { self.path = path }

    /// Runs `openssl x509` on the certificate.
    func x509(_ arguments: [String]) throws -> ChildProcess.Outcome {
        try ChildProcess.run("openssl", ["x509", "-in", path, "-noout"] + arguments)
    }

    /// Whether the file has a certificate that this process can read.
    var isReadable: Bool {
        get throws { try x509(["-subject"]).status == 0 }
    }

    /// The certificate's public key, in PEM; nil if the file has no certificate.
    package var publicKey: String? {
        get throws {
            let outcome = try x509(["-pubkey"])
            return outcome.status == 0 ? outcome.output : nil
        }
    }

    /// Whether browsers accept the certificate for a host, which may be an IP address.
    package func covers(_ host: String) throws -> Bool {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let isAddress =
            host.hasPrefix("[") || host.split(separator: ".").allSatisfy { UInt8($0) != nil }
        let output = try x509([isAddress ? "-checkip" : "-checkhost", bare]).output
        return !output.contains("does NOT match")
    }

    /// Whether the certificate will have expired the given number of seconds from now.
    package func expires(within seconds: Int) throws -> Bool {
        try x509(["-checkend", "\(seconds)"]).status != 0
    }

    /// The end of the certificate's validity, such as `2026-12-03 17:39:45Z`.
    package var expiryDate: String {
        get throws {
            let output = try x509(["-enddate", "-dateopt", "iso_8601"]).output
            return String((output.split(separator: "=").last.map(String.init) ?? "").trimmingBlanks)
        }
    }
}

import Cryptography
import Doctor
import Glibc
import Settings

/// Writes the files that make a host a site of this machine, and lets nginx check them.
package struct SiteSetup {
    private let host: HostName
    private let site: SiteName
    private let root: String?
    private let certificates: CertificatePair?

    /// Plans a site.
    ///
    /// - Parameters:
    ///   - host: The name under which people reach the site.
    ///   - site: The name of the site on this machine.
    ///   - root: The folder with `index.html`; nil to keep the present one, or to use the package's
    ///     for a new site.
    ///   - certificates: The certificate and its key; nil to choose them as
    ///     `CertificatePair.candidates` describes.
    package init(
        _ host: HostName, site: SiteName, root: String? = nil,
        certificates: CertificatePair? = nil
    ) {
        (self.host, self.site, self.certificates) = (host, site, certificates)
        self.root = root.map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
    }

    /// Writes the files; changes nothing if a value is invalid or nginx's test fails.
    ///
    /// - Throws: `CommandError` with the problem and how to solve it.
    package func run() throws -> SiteReport {
        let present = try self.present
        // Once site.conf exists, listen.conf is not examined, because it may then have further
        // names and certificates.
        let edited = try present == nil ? edited : nil
        let file = SiteFile(
            host: host.text,
            certificates: try certificates ?? foundCertificates(present ?? edited?.values ?? [:]),
            root: root ?? (present ?? edited?.values)?["root"] ?? WebRoot.packaged)
        try file.certificates.verify(for: host)
        try WebRoot.verify(file.root)

        let changes = try changes(file, edited)
        var warnings: [String] = []
        do {
            try changes.apply { warnings = try NginxTest.run() }
        } catch {
            // The changes have been undone. If nginx still rejects its configuration, the mistake
            // was there before this command, perhaps in another site.
            let isOlder = error is NginxRejection && !changes.paths.isEmpty && Self.isRejected
            throw CommandError(
                "\(error)\n"
                    + (isOlder
                        ? "Nothing was changed. nginx rejected its configuration before as well: "
                            + "`nginx -t` shows what to correct first."
                        : "Nothing was changed."))
        }
        return SiteReport(
            site: site, file: file, written: changes.paths, warnings: warnings)
    }

    /// Whether nginx rejects its present configuration; false if nginx cannot be run.
    private static var isRejected: Bool {
        do {
            _ = try NginxTest.run()
            return false
        } catch {
            return error is NginxRejection
        }
    }

    /// What an administrator wrote into `listen.conf` before this command existed; nil if there is
    /// no such file.
    private var edited: EditedSettings? {
        get throws {
            let path = "\(site.settingsFolder)/listen.conf"
            return try text(of: path).map { try EditedSettings(listen: $0, at: path) }
        }
    }

    /// The values in `site.conf`; nil if the file does not exist.
    private var present: [String: String]? {
        get throws {
            try text(of: site.siteFile).map { text in
                let directives = try NginxDirective.parse(Array(text.utf8))
                return Dictionary(
                    directives.map { ($0.name, $0.arguments.first ?? "") }, uniquingKeysWith: { $1 }
                )
            }
        }
    }

    /// Chooses the first certificate that exists.
    private func foundCertificates(_ present: [String: String]) throws -> CertificatePair {
        let candidates = CertificatePair.candidates(for: host, site, present: present)
        guard let found = candidates.first(where: { File.exists(at: $0.certificate) }) else {
            throw CommandError(
                """
                there is no certificate for \(host). To get one with certbot, while nginx's default \
                site answers on port 80:
                  apt install certbot
                  \(CertificatePair.certbot(host))
                Or put your own into \(site.ownCertificate.certificate) and \
                \(site.ownCertificate.key), or name its files with --certificate and --key. Then \
                run this command again.
                """)
        }
        return found
    }

    private func changes(_ file: SiteFile, _ edited: EditedSettings?) throws -> FileChanges {
        var changes = FileChanges()
        let template = SiteTemplate(site: site)
        for copy in try template.copies { try changes.add(copy.path, copy.content) }

        // An administrator may have removed the optional files, so they are copied only when the
        // site is new.
        let isNew =
            ![site.siteFile, "\(site.settingsFolder)/listen.conf"].contains(where: File.exists(at:))
        let optional = ["redirect.conf", "proxy.conf"]
        for (name, content) in try template.settings.sorted(by: { $0.key < $1.key }) {
            let path = "\(site.settingsFolder)/\(name)"
            guard !File.exists(at: path), isNew || !optional.contains(name) else { continue }
            try changes.add(path, .file(content, mode: 0o644))
        }
        if let edited, !edited.values.isEmpty { try move(edited, &changes) }
        try changes.add(site.siteFile, .file(Array(try file.text.utf8), mode: 0o644))
        if site.instance != nil { try addServer(&changes) }

        guard File.exists(at: File.folder(of: site.enabledPath)) else {
            throw CommandError(
                "\(File.folder(of: site.enabledPath)) does not exist; install Debian's package nginx"
            )
        }
        if !File.areSame(site.enabledPath, site.availablePath) {
            try changes.add(site.enabledPath, .link(to: "../sites-available/\(site.unit)"))
        }
        return changes
    }

    /// Moves the directives that `site.conf` contains now out of `listen.conf` and `redirect.conf`,
    /// if these files are from before this command existed.
    private func move(_ edited: EditedSettings, _ changes: inout FileChanges) throws {
        let (listen, redirect) = (
            "\(site.settingsFolder)/listen.conf", "\(site.settingsFolder)/redirect.conf"
        )
        try changes.add(listen, .file(Array(edited.listenWithoutSite.utf8), mode: 0o644))
        guard let text = try text(of: redirect) else { return }
        let moved = edited.redirect(text, settings: "\(site.unit)/settings")
        try changes.add(redirect, .file(Array(moved.utf8), mode: 0o644))
    }

    /// Adds the settings and the secret of the server behind a site with a name, if they are
    /// missing.
    private func addServer(_ changes: inout FileChanges) throws {
        if !File.exists(at: site.environmentPath) {
            let text = """
                # Settings of \(site.unit).service; gatehouse.env(5) lists them all.
                GATEHOUSE_DATABASE=\(site.databasePath)

                """
            try changes.add(site.environmentPath, .file(Array(text.utf8), mode: 0o644))
        }
        guard !File.exists(at: site.secretPath) else { return }
        var randomness = SystemRandomNumberGenerator()
        var secret: [UInt8] = []
        let bytes = (0..<48).map { _ in UInt8.random(in: 0...255, using: &randomness) }
        Base64URL.append(bytes.span, to: &secret)
        try changes.add(site.secretPath, .file(secret, mode: 0o600))
    }

    private func text(of path: String) throws -> String? {
        guard File.exists(at: path) else { return nil }
        do throws(FileError) {
            return String(decoding: try File.read(path, atMost: 1 << 20).bytes, as: UTF8.self)
        } catch {
            throw CommandError("\(path) \(error)")
        }
    }
}

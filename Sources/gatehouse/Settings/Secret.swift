/// The key that signs tokens.
///
/// Neither printing nor reflecting it shows more than its length.
struct Secret: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The least that RFC 7518, section 3.2, allows for HS256.
    static let leastLength = 32

    let bytes: [UInt8]

    init(_ bytes: [UInt8]) throws(Unfit) {
        let cure = "32 or more are needed, such as those of `openssl rand -base64 48`"
        guard !bytes.isEmpty else { throw Unfit("is empty; \(cure)") }
        guard bytes.count >= Secret.leastLength else {
            throw Unfit("has \(bytes.count) bytes; \(cure)")
        }
        self.bytes = bytes
    }

    var description: String { "(set, \(bytes.count) bytes)" }
    var customMirror: Mirror { Mirror(self, children: []) }

    /// The texts that stand for a secret in the Express backend's documentation.
    static let examples = ["your-very-secure-secret-key-here"]
}

/// One of the places that can give the secret.
private enum SecretPlace {
    case variable(String)
    case file(path: String)
    case credential(path: String)

    var name: String {
        switch self {
        case .variable: Setting.secret.name
        case .file: Setting.secretFile.name
        case .credential: "the systemd credential jwt_secret"
        }
    }

    var source: SettingsReader.Source {
        switch self {
        case .variable: .environment
        case .file: .file
        case .credential: .credential
        }
    }
}

extension SettingsReader {
    /// The secret, from the one place that gives it.
    mutating func secret() -> Secret? {
        let places = secretPlaces
        let file = environment[Setting.secretFile.name]
        var setting = Setting.secret
        var secret: Secret?
        do throws(Unfit) {
            guard let place = places.first else {
                throw Unfit(
                    """
                    is not set; set it, JWT_SECRET_FILE or the systemd credential jwt_secret to \
                    32 bytes or more, such as those of `openssl rand -base64 48`
                    """)
            }
            guard places.count == 1 else {
                let names = places.map(\.name).joined(separator: " and ")
                throw Unfit("is given by \(names); keep one of them")
            }
            if case .file = place { setting = .secretFile }
            secret = try self.secret(in: place, for: setting)
        } catch {
            refuse(setting, error.reason)
        }
        if let secret, Secret.examples.contains(where: { secret.bytes == Array($0.utf8) }) {
            warn(.secret, "is the documentation's example, which everybody knows; make your own")
        }
        note(
            .secret, as: secret?.description ?? (places.isEmpty ? "(not set)" : "(refused)"),
            from: places.first?.source ?? .standard)
        // What cannot be read may be no path but the secret itself, put in the wrong place.
        note(
            .secretFile, as: file.map { secret == nil ? "(not shown)" : $0.escaped } ?? "(not set)",
            from: file == nil ? .standard : .environment)
        return secret
    }

    private var secretPlaces: [SecretPlace] {
        // systemd.exec(5), LoadCredential=: the directory is there even without our credential.
        let credential = environment["CREDENTIALS_DIRECTORY"].map { "\($0)/jwt_secret" }
        return [
            environment[Setting.secret.name].map { .variable($0) },
            environment[Setting.secretFile.name].map { .file(path: $0) },
            credential.flatMap { File.exists(at: $0) ? .credential(path: $0) : nil },
        ].compactMap(\.self)
    }

    private mutating func secret(
        in place: SecretPlace, for setting: Setting
    ) throws(Unfit) -> Secret {
        switch place {
        case .variable(let text): try Secret(Array(text.utf8))
        case .file(let path), .credential(let path):
            try Secret(contents(of: path, for: setting))
        }
    }

    /// A file's bytes without the line break at their end, if there is one.
    private mutating func contents(
        of path: String, for setting: Setting
    ) throws(Unfit) -> [UInt8] {
        guard !path.isEmpty else { throw Unfit("is empty; write the path of a file") }
        do throws(FileError) {
            let file = try File.read(path, atMost: 64 * 1024)
            if file.isReadableByOthers {
                warn(setting, "the secret's file may be read by every user; `chmod o=` it")
            }
            var bytes = file.bytes
            if bytes.last == UInt8(ascii: "\n") {
                bytes.removeLast()
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            }
            return bytes
        } catch {
            throw Unfit("names a file that \(error); write the path of one that can be read")
        }
    }
}

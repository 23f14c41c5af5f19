import Glibc

extension SettingsReader {
    /// Reads the keys from the place where the secret is set.
    ///
    /// The secret must be set in exactly one place.
    ///
    /// - Returns: The keys, or nil if there is a problem, which the reader records.
    package mutating func keyring() -> Keyring? {
        let places = secretPlaces
        let file = environment[Setting.secretFile.name]
        var setting = Setting.secret
        var keyring: Keyring?
        do throws(InvalidValue) {
            guard let place = places.first else {
                throw InvalidValue(
                    """
                    is not set; set it, JWT_SECRET_FILE or the systemd credential jwt_secret to \
                    32 bytes or more; `openssl rand -base64 48` generates a good secret
                    """)
            }
            guard places.count == 1 else {
                let names = secretSources.joined(separator: " and ")
                throw InvalidValue("is set more than once, by \(names); keep one of them")
            }
            if case .file = place { setting = .secretFile }
            if case .installed(let path) = place, !File.isReadable(at: path) {
                warn(
                    .secret,
                    "\(path.escaped) cannot be read by this user, so it is not checked; use sudo")
            } else {
                keyring = try self.keyring(in: place, for: setting)
            }
        } catch {
            refuse(setting, error.reason)
        }
        note(
            .secret, as: keyring?.description ?? (places.isEmpty ? "(not set)" : "(not read)"),
            from: places.first.map { $0.source(in: self) } ?? .defaultValue)
        // If no keys were read, the path is not shown, because someone may have put the secret
        // itself into this setting.
        note(
            .secretFile,
            as: file.map { keyring == nil ? "(not shown)" : $0.escaped } ?? "(not set)",
            from: file == nil ? .defaultValue : source(of: .secretFile))
        return keyring
    }

    /// Records a problem for each key that anyone can guess, or only a warning if the environment's
    /// name is `development`.
    ///
    /// RFC 8725, section 3.5, forbids such keys, because their tokens can be forged.
    package mutating func judge(_ keyring: Keyring, in environmentName: String) {
        let setting: Setting
        if case .file = secretPlaces.first { setting = .secretFile } else { setting = .secret }
        for (index, key) in keyring.keys.enumerated() {
            guard let weakness = key.secret.weakness else { continue }
            let name = (try? key.name) ?? ""
            let text =
                index == 0
                ? "\(weakness), so anyone can forge tokens; replace it with the output of "
                    + "`openssl rand -base64 48`"
                : "its older key \(weakness), so anyone can forge tokens; run "
                    + "`gatehouse key retire --now \(name)`"
            if environmentName == "development" {
                warn(setting, text)
            } else {
                refuse(setting, text)
            }
        }
    }

    /// The names of all places where a secret is set; a valid configuration has exactly one.
    package var secretSources: [String] { secretPlaces.map(\.name) }

    private var secretPlaces: [SecretPlace] {
        // The directory may exist without our credential (systemd.exec(5), LoadCredential=).
        let credential = environment["CREDENTIALS_DIRECTORY"].map { "\($0)/jwt_secret" }
        let places: [SecretPlace] = [
            environment[Setting.secret.name].map { .variable($0) },
            environment[Setting.secretFile.name].map { .file(path: $0) },
            credential.flatMap { File.exists(at: $0) ? .credential(path: $0) : nil },
        ].compactMap(\.self)
        guard places.isEmpty, let installedSecret, File.exists(at: installedSecret) else {
            return places
        }
        return [.installed(path: installedSecret)]
    }

    private mutating func keyring(
        in place: SecretPlace, for setting: Setting
    ) throws(InvalidValue) -> Keyring {
        switch place {
        case .variable(let text): Keyring(try Secret(Array(text.utf8)))
        case .file(let path), .credential(let path), .installed(let path):
            try Keyring(contents(of: path, for: setting))
        }
    }

    private mutating func contents(
        of path: String, for setting: Setting
    ) throws(InvalidValue) -> [UInt8] {
        guard !path.isEmpty else { throw InvalidValue("is empty; write the path of a file") }
        do throws(FileError) {
            let file = try File.read(path, atMost: 64 * 1024)
            if file.isReadableByOthers {
                warn(setting, "every local user can read the secret's file; run chmod o= on it")
            }
            return file.bytes
        } catch {
            let fix =
                error.code == EACCES
                ? "let the server's user read the file" : "write the path of a readable file"
            // The path is not part of the message, because someone may have put the secret itself
            // into this setting.
            throw InvalidValue("the file that it names \(error); \(fix)")
        }
    }
}

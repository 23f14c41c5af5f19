import Settings

/// Checks that the signing secret exists, is hard to guess, and is not readable by every user.
extension Check {
    static let secret = [
        Check("secret-missing", missingSecret),
        Check("secret-unfit", unfitSecret),
        Check("secret-example", guessableSecret),
        Check("secret-readable", readableSecret),
    ]

    private static let forgery =
        "Someone who knows the secret can forge tokens and act as any account."

    private static func missingSecret(_ installation: Installation) throws -> [Finding] {
        guard try SecretPlace(installation).bytes == nil else { return [] }
        return [
            .error(
                "The secret that signs tokens does not exist.",
                why: "The server does not start without a secret. A new one ends all sessions.",
                cure: newSecret(installation))
        ]
    }

    private static func unfitSecret(_ installation: Installation) throws -> [Finding] {
        do {
            _ = try SecretPlace(installation).keyring
        } catch let error as InvalidValue {
            return [
                .error(
                    "The secret that signs tokens cannot be used: it \(error.reason).",
                    why: "The server does not start with it. \(forgery) A new one ends all "
                        + "sessions.",
                    cure: newSecret(installation))
            ]
        }
        let sources = installation.reader.secretSources
        guard sources.count > 1 else { return [] }
        return [
            .error(
                "The secret that signs tokens is set more than once, by "
                    + "\(sources.joined(separator: " and ")); keep one of them.",
                why: "The server does not start, since it cannot know which secret is meant.",
                cure: edit(installation))
        ]
    }

    private static func guessableSecret(_ installation: Installation) throws -> [Finding] {
        let keyring = try? SecretPlace(installation).keyring
        return (keyring?.keys ?? []).compactMap(\.secret.weakness).map { weakness in
            .error(
                "The secret that signs tokens \(weakness).",
                why: "Anyone can guess it. \(forgery) A new one ends all sessions.",
                cure: newSecret(installation))
        }
    }

    private static func readableSecret(_ installation: Installation) throws -> [Finding] {
        let path: String
        switch SecretPlace(installation) {
        case .none: return []
        case .file(let file): path = file
        case .setting:
            guard installation.reader.source(of: .secret) == .file else { return [] }
            path = installation.settingsPath
        }
        // By mistake, the setting may contain the secret itself instead of the path of its file. So
        // the value must not be printed if no file exists at that path.
        guard File.exists(at: path), try FileStatus(path)?.isReadableByOthers == true else {
            return []
        }
        return [
            .error(
                "Every user of this machine can read the secret that signs tokens, in "
                    + "\(path.escaped).",
                why: forgery, cure: "chmod o= \(path.asShellWord)")
        ]
    }

    /// Returns the command that creates a secret.
    ///
    /// The command sets `umask` in a subshell, so that other users can never read the file, not
    /// even while it is being written.
    private static func newSecret(_ installation: Installation) -> String {
        if case .setting = SecretPlace(installation) { return edit(installation) }
        let suffix = installation.choices.instance.map { "@\($0)" } ?? ""
        let given = installation.reader.environment[Setting.secretFile.name]
        // By mistake, the setting may contain the secret itself instead of the path of its file. So
        // the value must not be printed if no file exists at that path.
        let path =
            given.flatMap { File.exists(at: $0) ? $0 : nil } ?? Keyring.installedPath + suffix
        let folder = File.folder(of: path)
        let making = File.exists(at: folder) ? "" : "mkdir -p \(folder.asShellWord) && "
        return making + "(umask 077; openssl rand -base64 48 >\(path.asShellWord)) && "
            + "systemctl restart \(installation.unit.asShellWord)"
    }
}

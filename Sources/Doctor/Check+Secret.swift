import Glibc
import Settings

/// The key that signs tokens: that there is one, that nobody can guess it, that nobody can read it.
extension Check {
    static let secret = [
        Check("secret-missing", missingSecret),
        Check("secret-unfit", unfitSecret),
        Check("secret-example", exampleSecret),
        Check("secret-readable", readableSecret),
    ]

    private static let forgery = "Who knows the secret makes tokens for everybody's sessions."

    /// Where the secret is.
    private enum Place {
        /// Among the settings of the environment or of the file.
        case setting(String)
        case file(String)
        case none

        init(_ installation: Installation) {
            let reader = installation.reader
            let credential = reader.environment["CREDENTIALS_DIRECTORY"]
            if let text = reader.environment[Setting.secret.name] {
                self = .setting(text)
            } else if let path = reader.environment[Setting.secretFile.name] {
                self = .file(path)
            } else if let path = credential.map({ "\($0)/jwt_secret" }), File.exists(at: path) {
                self = .file(path)
            } else {
                self = .none
            }
        }

        /// The bytes; nil where there are none.
        var bytes: [UInt8]? {
            get throws {
                switch self {
                case .none: return nil
                case .setting(let text): return Array(text.utf8)
                case .file(let path):
                    do throws(FileError) {
                        return try File.read(path, atMost: 64 * 1024).bytes
                    } catch {
                        guard error.code != ENOENT else { return nil }
                        // The path may be the secret itself, put in the wrong place.
                        throw Skipped("the secret's file \(error); be root")
                    }
                }
            }
        }

        /// The keys; nil where there are none.
        var keyring: Keyring? {
            get throws {
                guard let bytes = try bytes else { return nil }
                if case .setting = self { return Keyring(try Secret(bytes)) }
                return try Keyring(bytes)
            }
        }
    }

    private static func missingSecret(_ installation: Installation) throws -> [Finding] {
        guard try Place(installation).bytes == nil else { return [] }
        return [
            .error(
                "There is no secret to sign tokens with.", why: "The server does not start.",
                cure: newSecret(installation))
        ]
    }

    private static func unfitSecret(_ installation: Installation) throws -> [Finding] {
        do {
            _ = try Place(installation).keyring
        } catch let error as InvalidValue {
            return [
                .error(
                    "The secret \(error.reason).",
                    why: "The server does not start: \(forgery.lowercasedInitial)",
                    cure: newSecret(installation))
            ]
        }
        let reader = installation.reader
        let places = reader.problems.filter {
            $0.name == Setting.secret.name && $0.text.hasPrefix("is given by ")
        }
        return places.map { problem in
            .error(
                "The secret \(problem.text).", why: "The server does not start.",
                cure: edit(installation))
        }
    }

    private static func exampleSecret(_ installation: Installation) throws -> [Finding] {
        guard let keyring = try? Place(installation).keyring,
            keyring.keys.contains(where: \.secret.isExample)
        else { return [] }
        return [
            .error(
                "The secret is the example of the documentation.",
                why: "Everybody knows it. \(forgery)", cure: newSecret(installation))
        ]
    }

    private static func readableSecret(_ installation: Installation) throws -> [Finding] {
        let path: String
        switch Place(installation) {
        case .none: return []
        case .file(let file): path = file
        case .setting:
            guard installation.reader.source(of: .secret) == .file else { return [] }
            path = installation.settingsPath
        }
        // What is no path may be the secret itself, which no complaint must repeat.
        guard File.exists(at: path), try FileStatus(path)?.isReadableByOthers == true else {
            return []
        }
        return [
            .error(
                "Every user of this machine can read the secret in \(path.escaped).",
                why: forgery, cure: "chmod o= \(path.asShellWord)")
        ]
    }

    /// Without `umask` in a subshell the file would be readable for a moment.
    private static func newSecret(_ installation: Installation) -> String {
        if case .setting = Place(installation) { return edit(installation) }
        let suffix = installation.choices.instance.map { "@\($0)" } ?? ""
        let given = installation.reader.environment[Setting.secretFile.name]
        // A path that is refused may be the secret itself.
        let path = given.flatMap { File.exists(at: $0) ? $0 : nil } ?? Keyring.installedPath + suffix
        let folder = File.folder(of: path)
        let making = File.exists(at: folder) ? "" : "mkdir -p \(folder.asShellWord) && "
        return making + "(umask 077; openssl rand -base64 48 >\(path.asShellWord)) && "
            + "systemctl restart \(installation.unit.asShellWord)"
    }
}

extension String {
    fileprivate var lowercasedInitial: String { prefix(1).lowercased() + dropFirst() }
}

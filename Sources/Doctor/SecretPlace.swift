import Glibc
import Settings

/// The place from which the server reads the secret that signs tokens.
enum SecretPlace {
    /// The value of the setting JWT_SECRET, from the environment or from the settings file.
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

    /// The secret's bytes; nil if there is no secret.
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
                    // The message omits the path, because the setting may by mistake contain the
                    // secret itself instead of a path.
                    throw Skipped("the file of the secret \(error); run as root")
                }
            }
        }
    }

    /// The keys that the secret contains; nil if there is no secret.
    var keyring: Keyring? {
        get throws {
            guard let bytes = try bytes else { return nil }
            if case .setting = self { return Keyring(try Secret(bytes)) }
            return try Keyring(bytes)
        }
    }
}

import ArgumentParser
import Backup
import Glibc
import Identity
import Settings

/// The command-line option that names the key file, and the operations on that file.
struct KeyFile: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The secret's file; that of JWT_SECRET_FILE by default, else \(Keyring.installedPath).",
            valueName: "path"))
    var file: String?

    private var path: String {
        get throws {
            if let file { return file }
            let reader = SettingsReader.present
            let settings = reader.environment
            if let path = settings[Setting.secretFile.name] { return path }
            guard settings[Setting.secret.name] == nil else {
                throw CommandError(
                    """
                    the secret is in JWT_SECRET, which this command cannot change; move the \
                    secret to a file that only root can read, and set JWT_SECRET_FILE to its path
                    """)
            }
            return reader.file.installedSecret ?? Keyring.installedPath
        }
    }

    func read() throws -> Keyring {
        let path = try path
        do {
            return try Keyring(File.read(path, atMost: 64 * 1024).bytes)
        } catch let error as FileError {
            let cure = error.code == EACCES ? "; run the command with sudo" : ""
            throw CommandError("\(path.quoted) \(error)\(cure)")
        } catch let error as InvalidValue {
            throw CommandError("\(path.quoted) \(error.reason)")
        }
    }

    /// Replaces the file; the new file has the same owner, group and mode.
    ///
    /// If the path is a symbolic link, the link stays and its target is replaced.
    func write(_ keyring: Keyring) throws {
        let path = File.resolve(try path).path
        var status = stat()
        guard stat(path, &status) == 0 else { throw CommandError.unreadable(path) }
        let file = try AtomicFile(at: path + ".new")
        try file.append(keyring.contents)
        try file.give(to: status.st_uid, status.st_gid, mode: status.st_mode & 0o777)
        try file.commit(as: path)
    }

    /// The time after which no session depends on the older of the two keys.
    ///
    /// This assumes that the server was restarted right after the newer key was created.
    func end(of keyring: Keyring) throws -> Timestamp {
        var reader = SettingsReader.present
        let lifetime = reader.value(.refreshLifetime, isUnsetIfEmpty: true, Lifetime.parse)
        guard let lifetime else { throw SettingsError(problems: reader.problems) }
        let made = keyring.keys[0].madeAt ?? .now
        return Timestamp(seconds: made.seconds + lifetime.components.seconds)
    }

    /// Throws an error if sessions may still depend on the older of the two keys.
    func refuseIfNeeded(_ keyring: Keyring) throws {
        let end = try end(of: keyring)
        guard end.seconds > Timestamp.now.seconds, let older = keyring.keys.last else { return }
        let name = try older.name
        throw CommandError(
            """
            sessions may depend on key \(name) until \(end.iso8601), so it is kept; wait until \
            then, or run `gatehouse key retire --now \(name)`, which ends those sessions
            """)
    }
}

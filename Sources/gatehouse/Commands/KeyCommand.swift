import API
import ArgumentParser
import Backup
import Glibc
import Identity
import Settings

/// Changes the keys that sign tokens, without logging anybody out.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "List, rotate and retire the keys that sign tokens.",
        discussion: """
            Works on the file of the secret. The server reads it when it starts: restart it after \
            a change, which drops no request.
            """,
        subcommands: [List.self, Rotate.self, Retire.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys, the one that signs first; no secret is shown.")

        @OptionGroup var file: KeyFile

        func run() throws {
            print(try KeyCommand.table(of: file.read()))
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key that signs from now on; the present one stays good.")

        @OptionGroup var file: KeyFile

        func run() throws {
            var keyring = try file.read()
            let present = try keyring.keys[0].name
            if keyring.keys.count == Keyring.capacity {
                try file.refuseIfNeeded(keyring)
            }
            try keyring.rotate(at: .now)
            try file.write(keyring)
            print(
                """
                Key \(try keyring.keys[0].name) signs from the next start of the server on:
                  systemctl restart gatehouse
                Key \(present) is good for as long as a session of today may live; after \
                \(try file.end(of: keyring).iso8601):
                  gatehouse key retire \(present)
                """)
        }
    }

    struct Retire: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the older key away: its tokens are refused.")

        @Argument(help: "The key, as `gatehouse key list` names it.")
        var name: String

        @Flag(help: "Also while sessions may depend on it: they end. For a key that was stolen.")
        var now = false

        @OptionGroup var file: KeyFile

        func run() throws {
            var keyring = try file.read()
            let names = try keyring.keys.map { try $0.name }
            guard names.contains(name) else {
                throw CommandError(
                    "no key is named \(name.quoted); `gatehouse key list` lists them")
            }
            guard names.count > 1, names.last == name else {
                throw CommandError(
                    "key \(name) signs; `gatehouse key rotate` first makes another that does")
            }
            if !now { try file.refuseIfNeeded(keyring) }
            keyring.retire()
            try file.write(keyring)
            print(
                """
                Key \(name) is good until the next start of the server:
                  systemctl restart gatehouse
                """)
        }
    }

    /// The keys in columns.
    static func table(of keyring: Keyring) throws -> String {
        let rows = try keyring.keys.enumerated().map { index, key in
            [try key.name, key.madeAt?.iso8601 ?? "-", index == 0 ? "signs" : "is still good"]
        }
        return TextTable([["KEY", "MADE", "STATE"]] + rows).text
    }
}

/// The file of the keys, and how long a key is needed.
struct KeyFile: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The secret's file; that of JWT_SECRET_FILE by default, else \(Keyring.installedPath).",
            valueName: "path"))
    var file: String?

    private var path: String {
        get throws {
            if let file { return file }
            let settings = SettingsReader.present.environment
            if let path = settings[Setting.secretFile.name] { return path }
            guard settings[Setting.secret.name] == nil else {
                throw CommandError(
                    """
                    the secret is in JWT_SECRET, where no command can change it; put it into a \
                    file that only root can read, and its path into JWT_SECRET_FILE
                    """)
            }
            return Keyring.installedPath
        }
    }

    func read() throws -> Keyring {
        let path = try path
        do {
            return try Keyring(File.read(path, atMost: 64 * 1024).bytes)
        } catch let error as FileError {
            throw CommandError("\(path.quoted) \(error)")
        } catch let error as InvalidValue {
            throw CommandError("\(path.quoted) \(error.reason)")
        }
    }

    /// Replaces the file; whoever may read the old one may read the new one.
    func write(_ keyring: Keyring) throws {
        let path = try path
        var status = stat()
        guard stat(path, &status) == 0 else { throw CommandError.unreadable(path) }
        let file = try AtomicFile(at: path + ".new")
        try file.append(keyring.contents)
        try file.give(to: status.st_uid, status.st_gid, mode: status.st_mode & 0o777)
        try file.commit(as: path)
    }

    /// When no session depends on the older of two keys any more, if the server was started again
    /// right after the newer was made.
    func end(of keyring: Keyring) throws -> Timestamp {
        var reader = SettingsReader.present
        let lifetime = reader.value(.refreshLifetime, isUnsetIfEmpty: true, Lifetime.parse)
        guard let lifetime else { throw SettingsError(problems: reader.problems) }
        let made = keyring.keys[0].madeAt ?? .now
        return Timestamp(seconds: made.seconds + lifetime.components.seconds)
    }

    /// Keeps the older of two keys while sessions may depend on it.
    func refuseIfNeeded(_ keyring: Keyring) throws {
        let end = try end(of: keyring)
        guard end.seconds > Timestamp.now.seconds, let older = keyring.keys.last else { return }
        let name = try older.name
        throw CommandError(
            """
            sessions may depend on key \(name) until \(end.iso8601); to end them, \
            `gatehouse key retire --now \(name)`
            """)
    }
}

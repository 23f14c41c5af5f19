import API
import ArgumentParser
import Backup
import Glibc
import Identity
import Settings

/// The command `gatehouse key`, which lists, rotates and retires the keys that sign tokens.
///
/// A rotation replaces the signing key without ending any session.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "List, rotate and retire the keys that sign tokens.",
        discussion: """
            Changes the secret's file, which the server reads when it starts. Restart the server \
            after a change; a restart drops no request.
            """,
        subcommands: [List.self, Rotate.self, Retire.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the keys, the signing key first. Secrets are not shown.")

        @OptionGroup var file: KeyFile

        func run() throws {
            print(try KeyCommand.table(of: file.read()))
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a new signing key; tokens of the current key remain valid.")

        @OptionGroup var file: KeyFile

        func run() throws {
            var keyring = try file.read()
            let current = try keyring.keys[0].name
            if keyring.keys.count == Keyring.capacity {
                try file.refuseIfNeeded(keyring)
            }
            try keyring.rotate(at: .now)
            try file.write(keyring)
            print(
                """
                Key \(try keyring.keys[0].name) will sign tokens once the server restarts:
                  systemctl restart gatehouse
                Key \(current) remains valid for existing sessions. Retire it after \
                \(try file.end(of: keyring).iso8601), when they have expired:
                  gatehouse key retire \(current)
                """)
        }
    }

    struct Retire: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove the older key, so that its tokens are refused.")

        @Argument(help: "The name of the key, as shown by `gatehouse key list`.")
        var name: String

        @Flag(
            help: """
                Remove the key even if sessions depend on it, which ends them. Use this if the \
                key was stolen.
                """)
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
                    """
                    key \(name) is the signing key and cannot be retired; run \
                    `gatehouse key rotate` first, which makes a new signing key
                    """)
            }
            if !now { try file.refuseIfNeeded(keyring) }
            keyring.retire()
            try file.write(keyring)
            print(
                """
                Key \(name) is removed. Its tokens are refused once the server restarts:
                  systemctl restart gatehouse
                """)
        }
    }

    /// Formats the keys as a table.
    static func table(of keyring: Keyring) throws -> String {
        let rows = try keyring.keys.enumerated().map { index, key in
            [try key.name, key.madeAt?.iso8601 ?? "-", index == 0 ? "signing" : "still valid"]
        }
        return TextTable([["KEY", "MADE", "STATE"]] + rows).text
    }
}

import API
import ArgumentParser
import Identity
import Settings
import Text

/// The command `gatehouse user`, which administers accounts, even while the server runs.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Add, list, change and remove accounts.",
        discussion: """
            Works on the database of GATEHOUSE_DATABASE, even while the server runs. Commands that \
            need a password read it from the first line of standard input, or ask for it if \
            standard input is a terminal.
            """,
        subcommands: [
            Add.self, List.self, SetRole.self, SetPassword.self, Disable.self, Enable.self,
            Remove.self,
        ])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add an account.")

        @Argument(help: "The e-mail address to log in with.")
        var email: String

        @Option(help: "The account's role.")
        var role = Role.user

        @Flag(help: "Generate a password and print it, instead of reading one.")
        var generate = false

        func run() async throws {
            let password = generate ? GeneratedPassword.make() : try Password.read()
            try await withAccounts(createIfMissing: true) { accounts in
                let account = try await accounts.add(
                    email: email, password: password, role: role, by: .operator, now: .now)
                print("Account \(account.id) added with role \(account.role.rawValue).")
                if generate { print("Password: \(password)") }
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List all accounts, or those that match every option.")

        @Argument(help: "Only accounts whose e-mail address contains this text.")
        var text = ""

        @Option(help: "Only accounts with this role.")
        var role: Role?

        @Flag(help: "Only disabled accounts.")
        var disabled = false

        func run() async throws {
            try await withAccounts { accounts in
                print(UserCommand.table(of: try await accounts.list().filter(isWanted)))
            }
        }

        /// Whether an account matches every option; the case of A to Z is ignored.
        func isWanted(_ account: Account) -> Bool {
            (text.isEmpty || account.email.asciiLowercased.contains(text.asciiLowercased))
                && (role == nil || account.role == role) && (!disabled || account.isDisabled)
        }
    }

    struct SetRole: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "role",
            abstract: "Set an account's role; a lower role ends its sessions.")

        @Argument(help: "The account's e-mail address.")
        var email: String

        @Argument(help: "The account's new role.")
        var role: Role

        func run() async throws {
            try await withAccounts { accounts in
                let before = try await accounts.find(email: email).role
                try await accounts.setRole(role, of: email, by: .operator, now: .now)
                print(
                    role.includes(before)
                        ? "The account's role is now \(role.rawValue)."
                        : "The account's role is now \(role.rawValue); its sessions have ended.")
            }
        }
    }

    struct SetPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "password", abstract: "Set an account's password and end its sessions.")

        @Argument(help: "The account's e-mail address.")
        var email: String

        @Flag(help: "Generate a password and print it, instead of reading one.")
        var generate = false

        func run() async throws {
            let password = generate ? GeneratedPassword.make() : try Password.read()
            try await withAccounts {
                try await $0.setPassword(password, of: email, by: .operator, now: .now)
            }
            print("The password is set; the account's sessions have ended.")
            if generate { print("Password: \(password)") }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prevent an account from logging in, and end its sessions.")

        @Argument(help: "The account's e-mail address.")
        var email: String

        func run() async throws {
            try await withAccounts {
                try await $0.setDisabled(true, of: email, by: .operator, now: .now)
            }
            print("The account is disabled; its sessions have ended.")
        }
    }

    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Allow a disabled account to log in again.")

        @Argument(help: "The account's e-mail address.")
        var email: String

        func run() async throws {
            try await withAccounts {
                try await $0.setDisabled(false, of: email, by: .operator, now: .now)
            }
            print("The account is enabled; it can log in again.")
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove an account and end its sessions; its events are kept.")

        @Argument(help: "The account's e-mail address.")
        var email: String

        func run() async throws {
            try await withAccounts {
                try await $0.remove(email: email, by: .operator, now: .now)
            }
            print("The account is removed; its sessions have ended.")
        }
    }

    /// Formats accounts as a table, without password hashes.
    ///
    /// A column of notes follows if there is any note.
    static func table(of accounts: [Account]) -> String {
        let notes = notes(on: accounts)
        let rows = accounts.map { account in
            [
                "\(account.id)", account.email.escaped, account.role.rawValue,
                account.isDisabled ? "disabled" : "enabled", account.createdAt.iso8601,
            ] + (notes.isEmpty ? [] : [notes[account.id] ?? ""])
        }
        let heads = ["ID", "E-MAIL", "ROLE", "STATE", "CREATED"] + (notes.isEmpty ? [] : ["NOTE"])
        return TextTable([heads] + rows).text
    }

    /// Returns notes on e-mail addresses that may be mistaken for others, keyed by account ID.
    ///
    /// Older versions allowed several accounts with one address in different spellings. The oldest
    /// of these accounts is found by every spelling. Each of the others is found only by its
    /// own spelling.
    private static func notes(on accounts: [Account]) -> [Account.ID: String] {
        var notes: [Account.ID: String] = [:]
        var oldest: [String: Account] = [:]
        for account in accounts.sorted(by: { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }) {
            var note: [String] = []
            if !account.email.utf8.allSatisfy({ $0 < 0x80 }) { note.append("not ASCII") }
            let key = Account.addressKey(of: account.email)
            if let first = oldest[key] {
                note.append(
                    "the same address as account \(first.id), and found by this spelling only")
            } else {
                oldest[key] = account
            }
            if !note.isEmpty { notes[account.id] = note.joined(separator: "; ") }
        }
        return notes
    }
}

import API
import ArgumentParser
import Identity
import Settings

/// The command `gatehouse session`, which lists and ends sessions, even while the server runs.
struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "List and end sessions.",
        discussion: "Works on the database of GATEHOUSE_DATABASE, even while the server runs.",
        subcommands: [List.self, End.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List an account's sessions, the latest login first.")

        @Argument(help: "The account's e-mail address.")
        var email: String

        func run() async throws {
            try await withAccounts { accounts in
                let account = try await accounts.find(email: email)
                let sessions = try await accounts.sessions(of: account.id, at: .now)
                print(SessionCommand.table(of: sessions))
            }
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a session, or all sessions of an account.",
            usage: "gatehouse session end <id>\ngatehouse session end --all <email>")

        @Argument(help: "The session's number, as shown by `session list` and `events`.")
        var id: Session.ID?

        @Option(
            name: .customLong("all"),
            help: ArgumentHelp("End all sessions of an account.", valueName: "email"))
        var email: String?

        func validate() throws {
            guard (id == nil) != (email == nil) else {
                throw ValidationError("Give a session's number, or --all and an e-mail address.")
            }
        }

        func run() async throws {
            try await withAccounts { accounts in
                if let id {
                    try await accounts.endSession(
                        id, of: nil, by: .operator, from: nil, at: .now)
                    print("Session \(id) has ended.")
                }
                if let email {
                    let count = try await accounts.endSessions(
                        of: email, by: .operator, at: .now)
                    print(count == 1 ? "1 session has ended." : "\(count) sessions have ended.")
                }
            }
        }
    }

    /// Formats sessions as a table.
    static func table(of sessions: [Session]) -> String {
        let rows = sessions.map { session in
            [
                "\(session.id)", session.startedAt.iso8601, session.seenAt.iso8601,
                cell(session.client.address), cell(session.client.device),
            ]
        }
        return TextTable([["ID", "CREATED", "LAST SEEN", "ADDRESS", "DEVICE"]] + rows).text
    }
}

/// Formats a string as a table cell; an empty string becomes a dash.
///
/// The string is escaped, because it may come from a client and could contain control characters.
func cell(_ text: String) -> String { text.isEmpty ? "-" : text.escaped }

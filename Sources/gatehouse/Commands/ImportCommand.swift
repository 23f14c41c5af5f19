import ArgumentParser
import Identity
import Importer
import SQLiteStore
import Settings

/// Moves the accounts and people of another system in, all or none.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import accounts and people from another system, all or none.",
        discussion: """
            Works on the database of GATEHOUSE_DATABASE, also while the server runs. Files are CSV \
            with the columns' names in the first line, or JSON, as SQL Server exports them. \
            Accounts need email, password (a bcrypt hash, which stays good) and role; disabled and \
            createdAt may be there. People need id, firstName and lastName, and keep their numbers.
            """)

    @Option(help: ArgumentHelp("The accounts; - is standard input.", valueName: "file"))
    var users: String?

    @Option(help: ArgumentHelp("The people; - is standard input.", valueName: "file"))
    var people: String?

    @Option(help: "How the files are written, csv or json, where their names do not tell.")
    var format: ExportFormat?

    @Option(
        name: .customLong("ignore"),
        help: ArgumentHelp(
            "Leave out a column that means nothing here; may be repeated.", valueName: "column"))
    var ignored: [String] = []

    @Flag(help: "Say what would be imported and what is wrong, and change nothing.")
    var dryRun = false

    func validate() throws {
        let paths = [users, people].compactMap(\.self)
        guard !paths.isEmpty else {
            throw ValidationError("Name a file: --users <file>, --people <file>, or both.")
        }
        guard paths != ["-", "-"] else {
            throw ValidationError("Only one of the files can be standard input.")
        }
        for path in paths where format == nil && ExportFormat(path: path) == nil {
            throw ValidationError("Write --format csv or --format json for \(path.quoted).")
        }
    }

    func run() async throws {
        var session = ImportSession(
            users: file(users), people: file(people), staging: try SQLiteStaging())
        try session.read(ignoring: ignored)

        // What comes to nothing should not leave an empty database behind.
        let settings = try AccountSettings(from: .present)
        let isMade = !dryRun && session.problems.isEmpty
        if isMade || File.exists(at: settings.databasePath) {
            // Room for the indexes of some 100,000: the server's writes wait for the import's.
            try await withStore(isMade: isMade, cache: 65_536) { store, _ in
                try await session.commit(to: store, isDryRun: dryRun)
            }
        }

        var standardError = StandardError()
        guard session.problems.isEmpty else {
            print(session.problems.report, to: &standardError)
            print("gatehouse: nothing is imported", to: &standardError)
            throw ExitCode.failure
        }
        if let warning = session.warning { print(warning, to: &standardError) }
        print(
            dryRun
                ? "Would import \(session.summary); nothing has changed."
                : "Imported \(session.summary).")
    }

    private func file(_ path: String?) -> ExportFile? {
        guard let path, let format = format ?? ExportFormat(path: path) else { return nil }
        return ExportFile(path: path, format: format)
    }
}

extension ExportFormat: ExpressibleByArgument {}

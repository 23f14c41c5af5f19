import ArgumentParser
import Identity
import Importer
import SQLiteStore
import Settings

/// The command `gatehouse import`, which imports the accounts and people of another system.
///
/// It imports all of them, or none if there is an error.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import accounts and people from another system: all of them, or none.",
        discussion: """
            Writes to the database of GATEHOUSE_DATABASE; the server may be running. Files are CSV \
            with the names of the columns in the first line, or JSON, as exported by SQL Server. \
            Accounts need email, password (a bcrypt hash, so passwords keep working) and role; \
            disabled and createdAt are optional. People need id, firstName and lastName, and keep \
            their ids.
            """)

    @Option(help: ArgumentHelp("The file of accounts; - is standard input.", valueName: "file"))
    var users: String?

    @Option(help: ArgumentHelp("The file of people; - is standard input.", valueName: "file"))
    var people: String?

    @Option(help: "The format of the files, csv or json, if their names do not show it.")
    var format: ExportFormat?

    @Option(
        name: .customLong("ignore"),
        help: ArgumentHelp(
            "Ignore a column that Gatehouse does not know; may be repeated.", valueName: "column"))
    var ignored: [String] = []

    @Flag(help: "Report what would be imported and any errors, and change nothing.")
    var dryRun = false

    func validate() throws {
        let paths = [users, people].compactMap(\.self)
        guard !paths.isEmpty else {
            throw ValidationError(
                "Give at least one file: --users <file>, --people <file>, or both.")
        }
        guard paths != ["-", "-"] else {
            throw ValidationError("Only one of the files can be standard input (-).")
        }
        for path in paths where format == nil && ExportFormat(path: path) == nil {
            throw ValidationError(
                "Add --format csv or --format json: the format is not clear from the name \(path.quoted)."
            )
        }
    }

    func run() async throws {
        let settings = try AccountSettings(from: .present)
        var session = ImportSession(
            users: file(users), people: file(people), staging: try SQLiteStaging(),
            limit: settings.hashLimit, scheme: settings.passwordScheme)
        try session.read(ignoring: ignored)

        // A dry run, or an import with errors, must not create a database.
        let createsDatabase = !dryRun && session.issues.isEmpty
        if try settings.databaseExists() || createsDatabase {
            // A cache of 64 MiB holds the indexes of about 100,000 accounts. The server's writes
            // wait for the import's transaction, so the import must not lose time by reading the
            // same database pages again.
            try await withStore(createIfMissing: createsDatabase, cache: 65_536) { store, _ in
                try await session.commit(to: store, at: .now, isDryRun: dryRun)
            }
        }

        var standardError = StandardError()
        guard session.issues.isEmpty else {
            print(session.issues.report, to: &standardError)
            print("gatehouse: nothing was imported", to: &standardError)
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

import ArgumentParser
import Identity
import Settings

/// The command `gatehouse check`, which shows the effective settings and their problems.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show every setting, its source and any problem.",
        discussion: """
            Secrets are not shown. Exits with 1 if the server would not start. The secret is read \
            where the package installs it, unless it is set; this needs sudo.
            """)

    @Flag(help: "Describe every setting instead, with its format and default.")
    var explain = false

    @Flag(help: "Print problems only.")
    var quiet = false

    func run() throws {
        if explain {
            print(SettingsReport.explanation)
            return
        }
        var reader = SettingsReader.present
        reader.installedSecret = reader.file.installedSecret
        _ = ServerSettings(&reader)
        if !quiet {
            print(SettingsReport.report(of: reader))
            print("The list of common passwords has \(CommonPasswords.count) entries.")
        }

        var standardError = StandardError()
        for problem in reader.problems { print(problem, to: &standardError) }
        guard reader.problems.isEmpty else { throw ExitCode.failure }
    }
}

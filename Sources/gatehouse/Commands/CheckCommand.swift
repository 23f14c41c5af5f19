import ArgumentParser
import Settings

/// Shows what the settings are and what is wrong with them.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Show every setting, where it comes from and what is wrong with it.",
        discussion: "Secrets are not shown. Exits with 1 if the server would not start.")

    @Flag(help: "List what each setting means instead, with its unit and default.")
    var explain = false

    @Flag(help: "Say only what is wrong.")
    var quiet = false

    func run() throws {
        if explain {
            print(SettingsReport.explanation)
            return
        }
        var reader = SettingsReader.present
        _ = ServerSettings(&reader)
        if !quiet { print(SettingsReport.report(of: reader)) }

        var standardError = StandardError()
        for problem in reader.problems { print(problem, to: &standardError) }
        guard reader.problems.isEmpty else { throw ExitCode.failure }
    }
}

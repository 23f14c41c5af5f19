import ArgumentParser
import Directory
import Glibc
import Identity
import Settings

/// The command `gatehouse`.
@main
struct Gatehouse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehouse",
        abstract: "Sign-in for single-page apps.",
        discussion: """
            A FastCGI server behind nginx. Settings are read from the environment; \
            `gatehouse check --explain` lists them.
            """,
        version: Release.version,
        subcommands: [
            Serve.self, CheckCommand.self, UserCommand.self, SessionCommand.self,
            EventsCommand.self,
            PersonCommand.self, KeyCommand.self, BackupCommand.self, RestoreCommand.self,
            ImportCommand.self, DoctorCommand.self,
        ])

    /// Runs the command that the arguments name.
    ///
    /// Commands that do not suspend, above all `serve`, stay on the process's first thread, and
    /// no other thread has been started before them: they may still block signals for all.
    @MainActor static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            // The parser knows its own errors, and what a command printed itself.
            guard exitCode(for: error) == .failure, !(error is ExitCode) else {
                exit(withError: error)
            }
            var standardError = StandardError()
            print(explanation(of: error), to: &standardError)
            Glibc.exit(EXIT_FAILURE)
        }
    }

    private static func explanation(of error: any Error) -> String {
        switch error {
        case let error as SettingsError: error.description
        case let refusal as AuthError: "gatehouse: \(refusal.explanation)"
        case let error as DirectoryError: "gatehouse: \(error.explanation)"
        default: "gatehouse: \(error)"
        }
    }
}
